import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { TaskKind } from '../../gql/graphql';
import { formatAgo, formatCounted, formatSentence } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { wordsOf } from '../../lib/words';
import { Card } from '../../ui/Card';
import { SelectInput } from '../../ui/Field';
import { ReasonDialog } from './ReasonDialog';
import { TASK_KINDS } from './words';

const DeadTasksCardTasks = graphql(`
  fragment DeadTasksCard_tasks on TaskConnection {
    edges {
      node {
        id
        kind
        error
        failures
        crashes
        updatedAt
        owner {
          id
          name
        }
        job {
          id
          name
        }
      }
    }
  }
`);

const RequeueTask = graphql(`
  mutation RequeueTask($input: RequeueTaskInput!) {
    requeueTask(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

const PurgeDeadTasks = graphql(`
  mutation PurgeDeadTasks($input: PurgeDeadTasksInput!) {
    purgeDeadTasks(input: $input) {
      purgedCount
      userErrors {
        message
      }
    }
  }
`);

type DeadTasksCardProps = { tasks: FragmentType<typeof DeadTasksCardTasks>; onChange: () => void };

/** Tasks that were given up, with the reason. */
export function DeadTasksCard({ tasks, onChange }: DeadTasksCardProps) {
  const { edges } = readFragment(DeadTasksCardTasks, tasks);
  const now = useNow(60_000);
  const [requeue] = useMutation(RequeueTask, { onCompleted: onChange });
  const [purge] = useMutation(PurgeDeadTasks, { onCompleted: onChange });
  const [kind, setKind] = useState<TaskKind | ''>('');
  return (
    <Card
      title="Given up"
      note="After several tries; their jobs have failed."
      actions={
        edges.length === 0 ? null : (
          <ReasonDialog
            look="danger"
            size="small"
            button="Remove…"
            ariaLabel="Remove… tasks that were given up"
            title="Remove tasks that were given up?"
            consequence="They are forgotten and cannot be tried again from here; their jobs stay failed. What they cost stays counted."
            verb="Remove them"
            onOpen={() => setKind('')}
            onDo={async (reason) => (await purge({ variables: { input: { kind: kind === '' ? null : kind, reason } } })).data?.purgeDeadTasks?.userErrors}
          >
            <SelectInput label="Which" value={kind} onChange={(event) => setKind(event.target.value as TaskKind | '')}>
              <option value="">All of them</option>
              {Object.entries(TASK_KINDS).map(([one, { name }]) => (
                <option key={one} value={one}>
                  {name}
                </option>
              ))}
            </SelectInput>
          </ReasonDialog>
        )
      }
    >
      {edges.length === 0 ? <p className="text-muted">None.</p> : null}
      <ul className="divide-y divide-line">
        {edges.map(({ node: task }) => (
          <li key={task.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium break-words">
                {wordsOf(TASK_KINDS, task.kind).name}
                {task.job ? ` · ${task.job.name}` : ''}
              </p>
              <p className="text-xs text-muted">
                {task.owner ? `for ${task.owner.name}, ` : ''}
                {formatAgo(Date.parse(task.updatedAt), now)}
                {task.failures > 0 ? ` · failed ${formatCounted(task.failures, 'time')}` : ''}
                {task.crashes > 0 ? ` · its process died ${formatCounted(task.crashes, 'time')}` : ''}
              </p>
              {task.error !== null ? <p className="mt-1 max-w-prose text-xs break-words">{formatSentence(task.error)}</p> : null}
            </div>
            <ReasonDialog
              size="small"
              button="Try again"
              title="Try it again?"
              consequence="Its job is tried again from what is there."
              verb="Try again"
              onDo={async (reason) => (await requeue({ variables: { input: { id: task.id, reason } } })).data?.requeueTask?.userErrors}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}
