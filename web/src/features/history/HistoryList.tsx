import { Link } from '@tanstack/react-router';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo, formatScore } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { useNow } from '../../lib/useNow';
import { JOB_STATES, wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { TagLinks } from '../jobs/TagLinks';

const HistoryListJobs = graphql(`
  fragment HistoryList_jobs on JobConnection {
    edges {
      node {
        id
        name
        state
        version
        target
        metric
        score
        tags
        annotation
        createdAt
        dataset {
          id
          name
        }
      }
    }
  }
`);

type HistoryListProps = {
  jobs: FragmentType<typeof HistoryListJobs>;
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
};

/** Jobs to choose among; a click on a tag shows what else has it. */
export function HistoryList({ jobs, selected, onSelect }: HistoryListProps) {
  const { edges } = readFragment(HistoryListJobs, jobs);
  const now = useNow(60_000);
  const all = edges.every(({ node }) => selected.has(node.id));
  const choose = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <>
      <label className="flex items-center gap-3 border-b border-line pb-3 text-xs text-muted">
        <input type="checkbox" className="size-4 accent-accent" checked={all} onChange={() => onSelect(all ? new Set() : new Set(edges.map(({ node }) => node.id)))} />
        All that are listed
      </label>
      <ul className="divide-y divide-line">
        {edges.map(({ node: job }) => {
          const state = wordsOf(JOB_STATES, job.state);
          return (
            <li key={job.id} className="flex items-start gap-3 py-3 last:pb-0">
              <input type="checkbox" aria-label={`Choose ${job.name}`} className="mt-1 size-4 shrink-0 accent-accent" checked={selected.has(job.id)} onChange={() => choose(job.id)} />
              <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-1">
                <div className="min-w-0 flex-1 basis-56">
                  <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="font-medium break-words hover:text-accent hover:underline">
                    {job.name}
                  </Link>
                  <p className="text-xs break-words text-muted">
                    predicts {job.target}
                    {job.dataset ? ` from ${job.dataset.name}` : ''} · {formatAgo(Date.parse(job.createdAt), now)}
                  </p>
                  {job.annotation ? <p className="mt-1 line-clamp-2 max-w-prose text-xs break-words">{job.annotation}</p> : null}
                  {job.tags.length > 0 ? (
                    <div className="mt-1">
                      <TagLinks tags={job.tags} />
                    </div>
                  ) : null}
                </div>
                {job.metric && job.score !== null ? (
                  <p className="tabular text-right text-xs">
                    <span className="text-muted">{metricName(job.metric)} </span>
                    <span className="font-medium">{formatScore(job.score)}</span>
                  </p>
                ) : null}
                <p className="sm:w-24 sm:text-right">
                  <Badge tone={state.tone}>{state.name}</Badge>
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}
