import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatPercent } from '../../lib/format';
import { Card } from '../../ui/Card';
import { Plot } from '../../ui/charts/Plot';

const CalibrationCardEvaluation = graphql(`
  fragment CalibrationCard_evaluation on Evaluation {
    calibration {
      predicted
      actual
      count
    }
  }
`);

/** Whether a probability of 70% comes true in seven cases of ten. */
export function CalibrationCard({ evaluation, classes }: { evaluation: FragmentType<typeof CalibrationCardEvaluation>; classes: readonly string[] }) {
  const bins = readFragment(CalibrationCardEvaluation, evaluation).calibration;
  if (bins.length === 0) return null;
  const yes = classes[1] ?? 'the second class';
  const most = bins.reduce((count, bin) => Math.max(count, bin.count), 1);
  return (
    <Card title="Are its probabilities true?" note="Rows of similar probability together: on the dashed line, what was said comes true. Larger points are more rows.">
      <Plot
        square
        data={{ name: 'Calibration', columns: [`mean probability of ${yes}`, `share that is ${yes}`, 'rows'], rows: bins.map((bin) => [bin.predicted, bin.actual, bin.count]) }}
        summary={`Calibration in ${bins.length} groups: ${bins.map((bin) => `${formatPercent(bin.predicted)} said, ${formatPercent(bin.actual)} true`).join('; ')}.`}
        xLabel={`said: probability of ${yes}`}
        yLabel={`true: share of ${yes}`}
        xDomain={[0, 1]}
        yDomain={[0, 1]}
        formatX={formatPercent}
        formatY={formatPercent}
      >
        {(x, y) => (
          <>
            <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} strokeDasharray="4 4" className="stroke-edge" />
            <polyline fill="none" className="stroke-chart" points={bins.map((bin) => `${x(bin.predicted)},${y(bin.actual)}`).join(' ')} />
            {bins.map((bin) => (
              <circle key={bin.predicted} cx={x(bin.predicted)} cy={y(bin.actual)} r={3 + 6 * Math.sqrt(bin.count / most)} className="fill-chart-soft stroke-chart">
                <title>{`${formatPercent(bin.predicted)} said, ${formatPercent(bin.actual)} true, ${formatCounted(bin.count, 'row')}`}</title>
              </circle>
            ))}
          </>
        )}
      </Plot>
    </Card>
  );
}
