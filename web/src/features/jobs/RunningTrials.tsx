import { formatDuration, formatScore } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { Card } from '../../ui/Card';
import { extentOf, linearScale } from '../../ui/charts/scale';
import type { LiveTrial } from './useTrials';

/** What is computed at this moment, with its learning curve. Keeps its height, so that nothing below it jumps. */
export function RunningTrials({ trials }: { trials: readonly LiveTrial[] }) {
  const running = trials.filter((trial) => trial.state === 'RUNNING');
  const now = useNow(1000);
  return (
    <Card title="Running now">
      <div className="min-h-60">
        {running.length === 0 ? <p className="text-muted">No trial is running at this moment.</p> : null}
        <ul className="space-y-4">
          {running.slice(0, 4).map((trial) => (
            <li key={trial.id}>
              <p className="flex items-baseline justify-between gap-3">
                <span className="truncate font-medium">{trial.name}</span>
                <span className="tabular shrink-0 text-xs text-muted">
                  {trial.startedAt ? formatDuration(Math.round(Math.max(0, now - Date.parse(trial.startedAt)) / 1000)) : null}
                </span>
              </p>
              <LossLine trial={trial} />
            </li>
          ))}
        </ul>
        {running.length > 4 ? <p className="mt-3 text-muted">and {running.length - 4} more</p> : null}
      </div>
    </Card>
  );
}

function LossLine({ trial }: { trial: LiveTrial }) {
  const curve = trial.curve ?? [];
  const last = curve.at(-1);
  if (!last || curve.length < 2) return <p className="text-xs text-muted">{trial.learner}</p>;
  const x = linearScale(extentOf(curve.map((point) => point.round)), [0, 200]);
  const y = linearScale(extentOf(curve.map((point) => point.loss)), [38, 2]);
  return (
    <>
      <svg role="img" aria-label={`Validation loss of ${trial.name}, now ${formatScore(last.loss)}`} viewBox="0 0 200 40" preserveAspectRatio="none" className="mt-1 block h-10 w-full">
        <polyline
          fill="none"
          vectorEffect="non-scaling-stroke"
          className="stroke-chart-2 stroke-2"
          points={curve.map((point) => `${x(point.round).toFixed(1)},${y(point.loss).toFixed(1)}`).join(' ')}
        />
      </svg>
      <p className="tabular text-xs text-muted">
        round {last.round}, loss {formatScore(last.loss)}
      </p>
    </>
  );
}
