import { useMutation } from '@apollo/client/react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo, formatCounted, formatScore, formatSentence } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { useNow } from '../../lib/useNow';
import { isTerminal, JOB_STATES, wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { costWords } from '../jobs/cost';
import { ReasonDialog } from './ReasonDialog';

const AdminJobListJobs = graphql(`
  fragment AdminJobList_jobs on JobConnection {
    edges {
      node {
        id
        name
        state
        version
        target
        error
        metric
        createdAt
        owner {
          id
          name
        }
        cost {
          computeSeconds
          amount
          currency
        }
        progress {
          trialsFinished
          bestScore
        }
      }
    }
  }
`);

const CancelAnyJob = graphql(`
  mutation CancelAnyJob($input: CancelAnyJobInput!) {
    cancelAnyJob(input: $input) {
      job {
        id
        state
        version
      }
      userErrors {
        message
      }
    }
  }
`);

/** Everybody's jobs: how they run and what they cost, not what is in them. */
export function AdminJobList({ jobs }: { jobs: FragmentType<typeof AdminJobListJobs> }) {
  const { edges } = readFragment(AdminJobListJobs, jobs);
  const now = useNow(60_000);
  const [cancel] = useMutation(CancelAnyJob);
  if (edges.length === 0) return <p className="text-muted">No job is like that.</p>;
  return (
    <ul className="divide-y divide-line">
      {edges.map(({ node: job }) => {
        const state = wordsOf(JOB_STATES, job.state);
        return (
          <li key={job.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium break-words">{job.name}</p>
              <p className="text-xs break-words text-muted">
                {job.owner ? `of ${job.owner.name} · ` : ''}predicts {job.target} · {formatAgo(Date.parse(job.createdAt), now)} · {formatCounted(job.progress.trialsFinished, 'trial')}
                {job.metric && job.progress.bestScore !== null ? `, best ${metricName(job.metric)} ${formatScore(job.progress.bestScore)}` : ''}
                {job.cost ? ` · ${costWords(job.cost)} of computing` : ''}
              </p>
              {job.error !== null ? <p className="mt-1 max-w-prose text-xs break-words text-bad">{formatSentence(job.error)}</p> : null}
            </div>
            <Badge tone={state.tone}>{state.name}</Badge>
            {isTerminal(job.state) ? null : (
              <ReasonDialog
                look="danger"
                size="small"
                button="Stop"
                ariaLabel={`Stop ${job.name}`}
                disabled={job.state === 'CANCELLING'}
                title={`Stop ${job.name}?`}
                consequence="It ends as if its owner had cancelled it: nothing of it is kept, but a job that was extended keeps the model it had."
                verb="Stop it"
                onDo={async (reason) => (await cancel({ variables: { input: { id: job.id, reason } } })).data?.cancelAnyJob?.userErrors}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
