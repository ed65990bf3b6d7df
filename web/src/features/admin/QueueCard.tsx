import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { TaskKind, WorkerCapability } from '../../gql/graphql';
import { formatAgo, formatCount, formatCounted } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { wordsOf } from '../../lib/words';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { SelectInput } from '../../ui/Field';
import { Fact } from '../../ui/Fact';
import { ReasonDialog } from './ReasonDialog';
import { CAPABILITIES, TASK_KINDS } from './words';

const QueueCardQueue = graphql(`
  fragment QueueCard_queue on TaskQueue {
    queued
    running
    dead
    oldestQueuedAt
    isPaused
    workers
    slots
    version
    byKind {
      kind
      queued
      running
    }
    pauses {
      kind
      capability
      reason
      pausedAt
    }
  }
`);

const PauseQueue = graphql(`
  mutation PauseQueue($input: PauseQueueInput!) {
    pauseQueue(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

const ResumeQueue = graphql(`
  mutation ResumeQueue($input: ResumeQueueInput!) {
    resumeQueue(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

type QueueCardProps = { queue: FragmentType<typeof QueueCardQueue>; onChange: () => void };

/** What waits, what runs, and whether anything is held back. */
export function QueueCard({ queue: masked, onChange }: QueueCardProps) {
  const queue = readFragment(QueueCardQueue, masked);
  const now = useNow(5000);
  const [pause] = useMutation(PauseQueue, { onCompleted: onChange });
  const [resume] = useMutation(ResumeQueue, { onCompleted: onChange });
  const [kind, setKind] = useState<TaskKind | ''>('');
  const [capability, setCapability] = useState<WorkerCapability | ''>('');
  return (
    <Card
      title="Queue"
      actions={
        queue.isPaused ? null : (
          <ReasonDialog
            size="small"
            button="Pause it"
            title="Hand out nothing more?"
            consequence="What runs goes on; jobs that wait lose no time. Everybody sees the reason."
            verb="Pause"
            onOpen={() => {
              setKind('');
              setCapability('');
            }}
            onDo={async (reason) => (await pause({ variables: { input: { kind: kind === '' ? null : kind, capability: capability === '' ? null : capability, reason } } })).data?.pauseQueue?.userErrors}
          >
            <SelectInput label="Tasks" value={kind} onChange={(event) => setKind(event.target.value as TaskKind | '')}>
              <option value="">All</option>
              {Object.entries(TASK_KINDS).map(([one, { name }]) => (
                <option key={one} value={one}>
                  {name}
                </option>
              ))}
            </SelectInput>
            <SelectInput label="For" value={capability} onChange={(event) => setCapability(event.target.value as WorkerCapability | '')}>
              <option value="">All workers</option>
              {Object.entries(CAPABILITIES).map(([one, { name }]) => (
                <option key={one} value={one}>
                  {name}
                </option>
              ))}
            </SelectInput>
          </ReasonDialog>
        )
      }
    >
      <div className="space-y-5">
        {queue.pauses.map((one) => {
          const what = [one.kind ? wordsOf(TASK_KINDS, one.kind).name : null, one.capability ? wordsOf(CAPABILITIES, one.capability).name : null].filter(Boolean).join(', ');
          return (
            <Callout
              key={what}
              tone="warn"
              title={`${what === '' ? 'Everything' : what} is paused, ${formatAgo(Date.parse(one.pausedAt), now)}`}
              action={
                <ReasonDialog
                  size="small"
                  button="Go on"
                  title="Hand out again?"
                  consequence="Tasks that waited are taken at once."
                  verb="Go on"
                  onDo={async (reason) => (await resume({ variables: { input: { kind: one.kind, capability: one.capability, reason } } })).data?.resumeQueue?.userErrors}
                />
              }
            >
              {one.reason}
            </Callout>
          );
        })}
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Fact name="Waiting">{formatCount(queue.queued)}</Fact>
          <Fact name="Running">{formatCount(queue.running)}</Fact>
          <Fact name="Given up">{formatCount(queue.dead)}</Fact>
          <Fact name="Workers">
            {formatCount(queue.workers)} <span className="text-xs text-muted">with {formatCounted(queue.slots, 'slot')}</span>
          </Fact>
        </dl>
        {queue.oldestQueuedAt !== null ? <p className="text-xs text-muted">The oldest waiting task was made {formatAgo(Date.parse(queue.oldestQueuedAt), now)}.</p> : null}
        {queue.byKind.length > 0 ? (
          <ul className="divide-y divide-line text-xs">
            {queue.byKind.map((one) => (
              <li key={one.kind} className="tabular flex justify-between gap-4 py-1.5">
                <span>{wordsOf(TASK_KINDS, one.kind).name}</span>
                <span className="text-muted">
                  {formatCount(one.queued)} waiting, {formatCount(one.running)} running
                </span>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </Card>
  );
}
