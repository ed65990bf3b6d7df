import { Link } from '@tanstack/react-router';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { costWords } from '../jobs/cost';

const JobCostsJobs = graphql(`
  fragment JobCosts_jobs on JobConnection {
    edges {
      node {
        id
        name
        finishedAt
        cost {
          computeSeconds
          amount
          currency
        }
      }
    }
  }
`);

/** What the jobs that ended last have cost. */
export function JobCosts({ jobs }: { jobs: FragmentType<typeof JobCostsJobs> }) {
  const { edges } = readFragment(JobCostsJobs, jobs);
  const now = useNow(60_000);
  const ended = edges.filter(({ node }) => node.finishedAt !== null && node.cost !== null);
  if (ended.length === 0) return <p className="text-muted">No job has ended yet.</p>;
  return (
    <ul className="divide-y divide-line">
      {ended.map(({ node: job }) => (
        <li key={job.id} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2 first:pt-0 last:pb-0">
          <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="min-w-0 flex-1 basis-48 font-medium break-words hover:text-accent hover:underline">
            {job.name}
          </Link>
          <span className="text-xs text-muted">{job.finishedAt === null ? '' : `ended ${formatAgo(Date.parse(job.finishedAt), now)}`}</span>
          <span className="tabular min-w-16 text-right">{job.cost ? costWords(job.cost) : '–'}</span>
        </li>
      ))}
    </ul>
  );
}
