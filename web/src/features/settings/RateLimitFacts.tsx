import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount } from '../../lib/format';
import { ProgressBar } from '../../ui/ProgressBar';

const RateLimitFactsLimit = graphql(`
  fragment RateLimitFacts_limit on RateLimit {
    limit
    remaining
    cost
  }
`);

/** How many requests one may still send this minute, programs of one's own among them. */
export function RateLimitFacts({ limit: masked }: { limit: FragmentType<typeof RateLimitFactsLimit> }) {
  const { limit, remaining, cost } = readFragment(RateLimitFactsLimit, masked);
  const words = `${formatCount(remaining)} of ${formatCount(limit)} points left`;
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium">Requests</p>
        <p className="tabular">{words}</p>
      </div>
      <div className="my-1.5">
        <ProgressBar label="Points left" share={limit > 0 ? remaining / limit : null} valueText={words} />
      </div>
      <p className="text-xs text-muted">
        Every request costs points, this page {formatCount(cost)}. They flow back evenly, {formatCount(limit)} a minute; with none left, a program is asked to wait.
      </p>
    </div>
  );
}
