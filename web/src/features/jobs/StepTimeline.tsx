import { Check, Circle, LoaderCircle, Minus, X } from 'lucide-react';
import { useEffect } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { StepState } from '../../gql/graphql';
import { formatCounted, formatDuration, formatSentence } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { STEPS, STEP_STATES, wordsOf } from '../../lib/words';

export const StepTimelineJob = graphql(`
  fragment StepTimeline_job on Job {
    id
    steps {
      name
      state
      startedAt
      finishedAt
      error
      attempts
      retryAt
    }
  }
`);

const MARKS: Record<StepState, { icon: typeof Check; look: string }> = {
  PENDING: { icon: Circle, look: 'bg-sunken text-muted' },
  RUNNING: { icon: LoaderCircle, look: 'bg-accent-soft text-accent [&>svg]:animate-spin' },
  COMPLETED: { icon: Check, look: 'bg-good-soft text-good' },
  FAILED: { icon: X, look: 'bg-bad-soft text-bad' },
  SKIPPED: { icon: Minus, look: 'bg-sunken text-muted' },
};

type StepTimelineProps = { job: FragmentType<typeof StepTimelineJob>; onRefetch?: () => Promise<unknown> };

/** When the next try begins, while it is still to come. */
function wait(retryAt: string | null | undefined, now: number): string {
  const seconds = retryAt ? (Date.parse(retryAt) - now) / 1000 : 0;
  return seconds > 0 ? `, next in ${formatDuration(Math.ceil(seconds))}` : '';
}

/** The steps of a job with their states and times. With `onRefetch` it asks until the last word about an ended job has gone out. */
export function StepTimeline({ job, onRefetch }: StepTimelineProps) {
  const { steps } = readFragment(StepTimelineJob, job);
  const now = useNow(1000, steps.some((step) => step.state === 'RUNNING'));
  const telling = steps.some((step) => step.name === 'NOTIFY' && step.state === 'RUNNING');
  useEffect(() => {
    if (!telling || !onRefetch) return;
    const timer = setInterval(() => void onRefetch(), 3000);
    return () => clearInterval(timer);
  }, [telling, onRefetch]);
  return (
    <ol aria-label="Steps" className="grid grid-cols-1 gap-4 min-[24rem]:grid-cols-2 rounded-2xl border border-line bg-panel p-4 sm:p-6 lg:grid-cols-5">
      {steps.map((step) => {
        const words = wordsOf(STEPS, step.name);
        const mark = MARKS[step.state];
        const end = step.finishedAt ? Date.parse(step.finishedAt) : now;
        return (
          <li key={step.name} className="flex min-w-0 items-start gap-3" aria-current={step.state === 'RUNNING' ? 'step' : undefined}>
            <span className={`grid size-8 shrink-0 place-items-center rounded-full ${mark.look}`}>
              <mark.icon aria-hidden className="size-4" />
            </span>
            <div className="min-w-0">
              <p className="font-medium">{words.name}</p>
              <p className="tabular text-xs text-muted">
                {STEP_STATES[step.state]}
                {step.startedAt && step.state !== 'PENDING' ? ` · ${formatDuration(Math.max(0, end - Date.parse(step.startedAt)) / 1000)}` : ''}
              </p>
              <p className="mt-1 hidden text-xs text-muted sm:block">{words.meaning}</p>
              {step.attempts > 0 ? (
                <p className="mt-1 text-xs text-warn">
                  Tried again {formatCounted(step.attempts, 'time')}
                  {wait(step.retryAt, now)}
                </p>
              ) : null}
              {step.error ? <p className={`mt-1 text-xs break-words ${step.state === 'FAILED' ? 'text-bad' : 'text-muted'}`}>{formatSentence(step.error)}</p> : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
