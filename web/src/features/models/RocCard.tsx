import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatPercent } from '../../lib/format';
import { Card } from '../../ui/Card';
import { Plot } from '../../ui/charts/Plot';

const RocCardEvaluation = graphql(`
  fragment RocCard_evaluation on Evaluation {
    roc {
      x
      y
    }
    cuts {
      threshold
    }
    metrics {
      metric
      value
    }
  }
`);

/** The ROC curve of a yes / no problem, of models from before thresholds were told: of others ThresholdCard has it. */
export function RocCard({ evaluation }: { evaluation: FragmentType<typeof RocCardEvaluation> }) {
  const { roc, cuts, metrics } = readFragment(RocCardEvaluation, evaluation);
  if (!roc || roc.length < 2 || cuts.length > 0) return null;
  const area = metrics.find((one) => one.metric === 'ROC_AUC')?.value;
  return (
    <Card title="Hits against false alarms" note="The ROC curve: the further to the upper left, the better. The dashed line is guessing.">
      <Plot
        square
        data={{ name: 'ROC curve', columns: ['false positive rate', 'true positive rate'], rows: roc.map((point) => [point.x, point.y]) }}
        summary={`ROC curve${area === undefined ? '' : ` with an area of ${area.toFixed(3)}`}; guessing has 0.5.`}
        xLabel="false alarms (false positive rate)"
        yLabel="hits (true positive rate)"
        xDomain={[0, 1]}
        yDomain={[0, 1]}
        formatX={formatPercent}
        formatY={formatPercent}
      >
        {(x, y) => (
          <>
            <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} strokeDasharray="4 4" className="stroke-edge" />
            <polyline fill="none" className="stroke-chart stroke-2" points={roc.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')} />
          </>
        )}
      </Plot>
    </Card>
  );
}
