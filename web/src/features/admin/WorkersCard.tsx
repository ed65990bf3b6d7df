import { useMutation } from '@apollo/client/react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo, formatBytes, formatCounted } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import { ReasonDialog } from './ReasonDialog';
import { TASK_KINDS } from './words';

const WorkersCardWorkers = graphql(`
  fragment WorkersCard_workers on WorkerConnection {
    edges {
      node {
        id
        name
        host
        version
        device
        slots
        threads
        memoryBytes
        seenAt
        startedAt
        isDraining
        tasks {
          id
          kind
          job {
            id
            name
          }
        }
      }
    }
  }
`);

const DrainWorker = graphql(`
  mutation DrainWorker($input: DrainWorkerInput!) {
    drainWorker(input: $input) {
      worker {
        id
        isDraining
      }
      userErrors {
        message
      }
    }
  }
`);

/** A worker gives several signs of life a second; after this many seconds something is wrong. */
const SILENT_MILLISECONDS = 10_000;

const TakeTask = graphql(`
  mutation TakeTask($input: RequeueTaskInput!) {
    requeueTask(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

type WorkersCardProps = { workers: FragmentType<typeof WorkersCardWorkers>; onChange: () => void };

/** Who computes, and what they do at the moment. */
export function WorkersCard({ workers, onChange }: WorkersCardProps) {
  const { edges } = readFragment(WorkersCardWorkers, workers);
  const now = useNow(5000);
  const [take] = useMutation(TakeTask, { onCompleted: onChange });
  const [drain] = useMutation(DrainWorker, { onCompleted: onChange });
  return (
    <Card title="Workers">
      {edges.length === 0 ? <p className="text-muted">No worker is there: jobs wait until one starts.</p> : null}
      <ul className="divide-y divide-line">
        {edges.map(({ node: worker }) => {
          const silent = worker.seenAt === null || now - Date.parse(worker.seenAt) > SILENT_MILLISECONDS;
          return (
            <li key={worker.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
              <div className="min-w-0 flex-1 basis-64">
                <p className="font-medium break-all">{worker.host}</p>
                <p className="text-xs break-all text-muted">
                  {worker.name} · {worker.version} · {worker.device} · {formatCounted(worker.slots, 'slot')}, {formatCounted(worker.threads, 'thread')}, {formatBytes(worker.memoryBytes)} each ·
                  started {formatAgo(Date.parse(worker.startedAt), now)}
                </p>
                {(worker.tasks ?? []).map((task) => (
                  <div key={task.id} className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
                    <span className="min-w-0 break-words">
                      {wordsOf(TASK_KINDS, task.kind).name}
                      {task.job ? ` · ${task.job.name}` : ''}
                    </span>
                    <ReasonDialog
                      look="quiet"
                      size="small"
                      button="Take it away"
                      ariaLabel={`Take it away: the task of ${task.job?.name ?? worker.host}`}
                      title="Take the task from this worker?"
                      consequence="It is done again from its beginning, by whichever worker is free. The task gets no mark for it."
                      verb="Take it away"
                      onDo={async (reason) => (await take({ variables: { input: { id: task.id, reason } } })).data?.requeueTask?.userErrors}
                    />
                  </div>
                ))}
              </div>
              <Badge tone={silent ? 'bad' : worker.isDraining ? 'warn' : 'good'}>{silent ? 'Silent' : worker.isDraining ? 'Ends soon' : 'Online'}</Badge>
              <ReasonDialog
                size="small"
                button="Drain"
                disabled={worker.isDraining}
                title={`Drain ${worker.host}?`}
                consequence="It takes nothing more, finishes what it holds and ends. That is not undone: start another one."
                verb="Drain"
                onDo={async (reason) => (await drain({ variables: { input: { id: worker.id, reason } } })).data?.drainWorker?.userErrors}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
