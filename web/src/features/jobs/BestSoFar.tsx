import { memo } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatDuration, formatNumber, formatScore } from '../../lib/format';
import { METRICS, metricName } from '../../lib/metrics';
import { Card } from '../../ui/Card';
import { Plot } from '../../ui/charts/Plot';
import { extentOf } from '../../ui/charts/scale';
import { improvements, scoredMoments, type ScoredMoment } from './bestSoFar';
import type { LiveTrial } from './useTrials';

const BestSoFarJob = graphql(`
  fragment BestSoFar_job on Job {
    id
    metric
    higherIsBetter
    startedAt
  }
`);

/** More points than this cannot be told apart: they are dots without names. */
const MOST_NAMED = 300;

type BestSoFarProps = { job: FragmentType<typeof BestSoFarJob>; trials: readonly LiveTrial[]; running: boolean };

/** Each trial as a point, the best so far as a line. Drawn again only when one of them has changed: there may be thousands. */
export const BestSoFar = memo(function BestSoFar({ job: masked, trials, running }: BestSoFarProps) {
  const job = readFragment(BestSoFarJob, masked);
  const moments = job.startedAt ? scoredMoments(trials, job.startedAt) : [];
  const metric = job.metric ?? null;
  const higherIsBetter = job.higherIsBetter ?? (metric ? METRICS[metric].higherIsBetter : true);
  const steps = improvements(moments, higherIsBetter);
  const best = steps.at(-1);
  const name = metric ? metricName(metric) : 'Score';
  return (
    <Card title="Best so far" note={`${name} on validation rows; ${higherIsBetter ? 'higher' : 'lower'} is better. Each point is a trial.`}>
      {best || running ? (
        <div className="min-h-60">
          {best ? <Curve moments={moments} steps={steps} best={best} name={name} /> : <p className="text-muted">The first score appears when a trial is done.</p>}
        </div>
      ) : (
        <p className="text-muted">No trial was scored.</p>
      )}
    </Card>
  );
});

/** A scale around the best scores: a few hopeless trials must not flatten the rest. */
function scoreDomain(moments: readonly ScoredMoment[], steps: readonly ScoredMoment[]): [number, number] {
  const scores = moments.map((moment) => moment.score).sort((left, right) => left - right);
  const quarter = scores[Math.floor(scores.length / 4)] ?? 0;
  const threeQuarters = scores[Math.floor((scores.length * 3) / 4)] ?? 1;
  const reach = Math.max(threeQuarters - quarter, 1e-9) * 3;
  const near = scores.filter((score) => score >= quarter - reach && score <= threeQuarters + reach);
  return extentOf([...near, ...(steps.at(-1) ? [steps.at(-1)?.score ?? 0] : [])], 0.1);
}

function Curve({ moments, steps, best, name }: { moments: ScoredMoment[]; steps: ScoredMoment[]; best: ScoredMoment; name: string }) {
  const last = moments.at(-1)?.seconds ?? 1;
  const domain = scoreDomain(moments, steps);
  const inMinutes = last > 300;
  const clamp = (score: number) => Math.min(domain[1], Math.max(domain[0], score));
  return (
    <Plot
      data={{ name: `Best so far by ${name}`, columns: ['seconds', 'trial', name], rows: moments.map((moment) => [moment.seconds, moment.name, moment.score]) }}
      summary={`${formatCounted(moments.length, 'trial')}; the best ${name} is ${formatScore(best.score)}, by ${best.name}, after ${formatDuration(best.seconds)}.`}
      xLabel={`${inMinutes ? 'minutes' : 'seconds'} since the start`}
      formatX={(seconds) => formatNumber(inMinutes ? seconds / 60 : seconds)}
      xUnit={inMinutes ? 60 : 1}
      yLabel={name}
      xDomain={[0, Math.max(last * 1.03, 1)]}
      yDomain={domain}
    >
      {(x, y) => {
        const points = steps.map((step, index) => `${index === 0 ? 'M' : 'H'}${x(step.seconds)}${index === 0 ? ` ${y(clamp(step.score))}` : `V${y(clamp(step.score))}`}`);
        return (
          <>
            {moments.length > MOST_NAMED ? (
              // A line of no length with a round end is a dot: one element instead of thousands.
              <path d={moments.map((moment) => `M${x(moment.seconds).toFixed(1)} ${y(clamp(moment.score)).toFixed(1)}h0`).join('')} strokeLinecap="round" className="stroke-chart-soft stroke-[3px]" />
            ) : (
              moments.map((moment, index) => (
                <circle key={index} cx={x(moment.seconds)} cy={y(clamp(moment.score))} r="3.5" className="fill-chart-soft stroke-chart">
                  <title>{`${moment.name}: ${formatScore(moment.score)}`}</title>
                </circle>
              ))
            )}
            <path d={`${points.join('')}H${x(Math.max(last, 1))}`} fill="none" className="stroke-chart stroke-2" />
            <circle cx={x(best.seconds)} cy={y(clamp(best.score))} r="5" className="fill-chart" />
          </>
        );
      }}
    </Plot>
  );
}
