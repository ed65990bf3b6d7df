import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatBytes, formatDuration } from '../../lib/format';
import { Card } from '../../ui/Card';
import { Fact } from '../../ui/Fact';
import { formatAmount } from '../jobs/cost';
import { QUOTAS, usedWords } from '../quotas/words';
import { QUOTA_NAMES } from './quotaDraft';

const ServerLimitsCardLimits = graphql(`
  fragment ServerLimitsCard_limits on ServerLimits {
    unfinishedJobs
    jobsPerDay
    computeSecondsPerDay
    storedBytes
    jobBudgetSeconds
    uploadBytes
    pricePerHour
    currency
  }
`);

const DAY_SECONDS = 86_400;

/** The limits of whoever has none of their own. They are settings of the server, not of the database. */
export function ServerLimitsCard({ limits: masked }: { limits: FragmentType<typeof ServerLimitsCardLimits> }) {
  const limits = readFragment(ServerLimitsCardLimits, masked);
  return (
    <Card title="Limits of the server" note="For whoever has none of their own. They come from the settings that the server is started with; a person’s own are under “People”.">
      <dl className="grid gap-4 sm:grid-cols-2">
        {QUOTA_NAMES.map((name) => (
          <Fact key={name} name={QUOTAS[name].name}>
            {name === 'jobBudgetSeconds' && limits[name] === null ? `at most ${formatDuration(DAY_SECONDS)}` : usedWords(name, { limit: limits[name], used: null })}
          </Fact>
        ))}
        <Fact name="One uploaded file">at most {formatBytes(limits.uploadBytes)}</Fact>
        <Fact name="An hour of one slot costs">{limits.pricePerHour === null ? 'no price is set' : formatAmount(limits.pricePerHour, limits.currency)}</Fact>
      </dl>
    </Card>
  );
}
