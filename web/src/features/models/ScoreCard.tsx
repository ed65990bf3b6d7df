import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatNumber, formatScore } from '../../lib/format';
import { METRICS, metricName } from '../../lib/metrics';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { extentOf, linearScale } from '../../ui/charts/scale';

const ScoreCardModel = graphql(`
  fragment ScoreCard_model on Model {
    id
    target
    members {
      name
      weight
    }
    evaluation {
      metric
      holdoutRows
      score
      low
      high
      baseline
      isBetterThanBaseline
      summary
    }
  }
`);

/** The one number, with its uncertainty, against the baseline, in words. */
export function ScoreCard({ model: masked }: { model: FragmentType<typeof ScoreCardModel> }) {
  const { evaluation, members } = readFragment(ScoreCardModel, masked);
  const { metric, score, low, high, baseline, holdoutRows } = evaluation;
  const name = metricName(metric);
  return (
    <Card title="How good is it?" note={METRICS[metric].meaning}>
      <div className="space-y-5">
        <div className="flex flex-wrap items-end gap-x-4 gap-y-1">
          <p className="tabular text-5xl font-semibold tracking-tight">{formatScore(score)}</p>
          <p className="pb-1 text-muted">
            {name} on {formatCounted(holdoutRows, 'row')} that no model had seen
          </p>
        </div>
        {score !== null && low !== null && high !== null ? <Interval name={name} score={score} low={low} high={high} baseline={baseline} /> : null}
        <Verdict better={evaluation.isBetterThanBaseline} baseline={baseline} summary={score === null ? evaluation.summary : null} />
        {members.length > 0 ? (
          <p className="text-xs text-muted">
            The final model is made of {formatCounted(members.length, 'model')}: {members.map((member) => member.name).join(', ')}.
          </p>
        ) : null}
      </div>
    </Card>
  );
}

type VerdictProps = { better: boolean | null; baseline: number | null; /** What the server says where there is no score. */ summary: string | null };

/** The comparison in words, without the numbers that stand above it. */
function Verdict({ better, baseline, summary }: VerdictProps) {
  if (summary !== null) return <Callout tone="warn">{summary}</Callout>;
  if (better === null) return <Callout title="Not compared with the baseline">There was no score of the baseline on these rows.</Callout>;
  const reaches = `The baseline, which looks at no column, reaches ${formatScore(baseline)}`;
  if (better) return <Callout tone="good" title="Better than the baseline">{`${reaches}.`}</Callout>;
  return <Callout tone="warn" title="No better than the baseline">{`${reaches}: the columns say too little about the target, or there are too few rows to tell.`}</Callout>;
}

type IntervalProps = { name: string; score: number; low: number; high: number; baseline: number | null };

/** The 95% interval and the baseline on one line. */
function Interval({ name, score, low, high, baseline }: IntervalProps) {
  const x = linearScale(extentOf(baseline === null ? [low, high] : [low, high, baseline], 0.08), [0, 100]);
  const words = `${name} ${formatNumber(score)}, between ${formatNumber(low)} and ${formatNumber(high)} with 95% confidence${baseline === null ? '' : `; the baseline has ${formatNumber(baseline)}`}.`;
  return (
    <div>
      <svg role="img" aria-label={words} viewBox="0 0 100 20" preserveAspectRatio="none" className="block h-8 w-full">
        <line x1="0" x2="100" y1="10" y2="10" vectorEffect="non-scaling-stroke" className="stroke-line stroke-1" />
        <rect x={x(low)} width={Math.max(0.5, x(high) - x(low))} y="6" height="8" className="fill-chart-soft" />
        <line x1={x(score)} x2={x(score)} y1="3" y2="17" vectorEffect="non-scaling-stroke" className="stroke-chart stroke-[3px]" />
        {baseline !== null ? (
          <line x1={x(baseline)} x2={x(baseline)} y1="1" y2="19" vectorEffect="non-scaling-stroke" strokeDasharray="3 3" className="stroke-ink stroke-2" />
        ) : null}
      </svg>
      <p aria-hidden className="tabular mt-1 flex flex-wrap gap-x-5 text-xs text-muted">
        <span>
          <span className="mr-1.5 inline-block h-2 w-4 rounded-sm bg-chart-soft" />
          95% interval {formatScore(low)} to {formatScore(high)}
        </span>
        {baseline !== null ? (
          <span>
            <span className="mr-1.5 inline-block w-4 border-t-2 border-dashed border-ink align-middle" />
            baseline {formatScore(baseline)}
          </span>
        ) : null}
      </p>
    </div>
  );
}
