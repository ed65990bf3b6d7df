import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatDuration, formatScore } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { useNow } from '../../lib/useNow';
import { Fact } from '../../ui/Fact';
import { ProgressBar } from '../../ui/ProgressBar';

const JobProgressCardJob = graphql(`
  fragment JobProgressCard_job on Job {
    id
    state
    metric
    settings {
      budgetSeconds
    }
    progress {
      trialsFinished
      trialsRunning
      trialsFailed
      bestScore
      bestTrial
      secondsElapsed
      secondsLeft
    }
  }
`);

/** How far a job is, how long it still takes, and the best so far. */
export function JobProgressCard({ job: masked }: { job: FragmentType<typeof JobProgressCardJob> }) {
  const { progress, settings, metric, state } = readFragment(JobProgressCardJob, masked);
  const now = useNow(1000);
  // Between two messages the clock of this page runs on.
  const [anchor, setAnchor] = useState({ elapsed: progress.secondsElapsed, at: now });
  if (anchor.elapsed !== progress.secondsElapsed) setAnchor({ elapsed: progress.secondsElapsed, at: now });
  const since = state === 'QUEUED' ? 0 : Math.max(0, (now - anchor.at) / 1000);
  const elapsed = progress.secondsElapsed + since;
  const left = progress.secondsLeft === null ? null : Math.max(0, progress.secondsLeft - since);
  const total = left === null ? settings.budgetSeconds : elapsed + left;
  const leftWords = left === null ? 'not known yet' : left < 1 ? 'any moment' : formatDuration(Math.max(10, left) === left ? left : Math.ceil(left));

  return (
    <section aria-label="Progress" className="space-y-4 rounded-2xl border border-line bg-panel p-4 sm:p-6">
      <ProgressBar
        label="Share of the time used"
        share={state === 'QUEUED' ? 0 : total > 0 ? elapsed / total : null}
        valueText={left === null ? 'time left not known yet' : `${formatDuration(Math.round(left))} left at most`}
      />
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Fact name="Time left, at most">{state === 'QUEUED' ? 'waiting for a free worker' : leftWords}</Fact>
        <Fact name="Trials done">{formatCount(progress.trialsFinished)}</Fact>
        <Fact name="Running / failed">
          {formatCount(progress.trialsRunning)} / {formatCount(progress.trialsFailed)}
        </Fact>
        <Fact name={metric ? `Best ${metricName(metric)}` : 'Best score'}>
          {formatScore(progress.bestScore)}
          {progress.bestTrial ? <span className="block text-xs font-normal break-words text-muted">{progress.bestTrial}</span> : null}
        </Fact>
      </dl>
    </section>
  );
}
