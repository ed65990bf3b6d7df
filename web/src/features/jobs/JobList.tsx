import { Link } from '@tanstack/react-router';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo, formatScore } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { useNow } from '../../lib/useNow';
import { isTerminal, JOB_STATES, wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';

const JobListJobs = graphql(`
  fragment JobList_jobs on JobConnection {
    edges {
      node {
        id
        name
        state
        version
        target
        metric
        score
        createdAt
        progress {
          trialsFinished
          bestScore
        }
        dataset {
          id
          name
        }
      }
    }
  }
`);

type JobListProps = { jobs: FragmentType<typeof JobListJobs>; onMore?: () => void };

/** Jobs, newest first. */
export function JobList({ jobs, onMore }: JobListProps) {
  const { edges } = readFragment(JobListJobs, jobs);
  const now = useNow(60_000);
  if (edges.length === 0) {
    return <p className="text-muted">None yet. Add a table or use a sample above; the jobs you start are listed here.</p>;
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {edges.map(({ node: job }) => {
          const state = wordsOf(JOB_STATES, job.state);
          // While a job runs its best on validation rows; after that what its model reached on the rows that were set aside.
          const running = !isTerminal(job.state);
          const score = running ? job.progress.bestScore : job.score;
          return (
            <li key={job.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3 first:pt-0 last:pb-0">
              <div className="min-w-0 flex-1 basis-56">
                <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="font-medium break-words hover:text-accent hover:underline">
                  {job.name}
                </Link>
                <p className="text-xs break-words text-muted">
                  predicts {job.target}
                  {job.dataset ? ` from ${job.dataset.name}` : ''} · {formatAgo(Date.parse(job.createdAt), now)}
                </p>
              </div>
              {job.metric && score !== null ? (
                <p className="tabular text-right text-xs">
                  <span className="text-muted">
                    {metricName(job.metric)}
                    {running ? ' so far' : ''}{' '}
                  </span>
                  <span className="font-medium">{formatScore(score)}</span>
                </p>
              ) : null}
              <p className="sm:w-24 sm:text-right">
                <Badge tone={state.tone}>{state.name}</Badge>
              </p>
            </li>
          );
        })}
      </ul>
      {onMore ? (
        <div className="mt-4">
          <Button onClick={onMore}>Show more</Button>
        </div>
      ) : null}
    </>
  );
}
