import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatNumber } from '../../lib/format';
import { Card } from '../../ui/Card';
import { Plot } from '../../ui/charts/Plot';
import { extentOf } from '../../ui/charts/scale';

const PredictedActualCardEvaluation = graphql(`
  fragment PredictedActualCard_evaluation on Evaluation {
    predictedActual {
      x
      y
    }
  }
`);

/** Predicted against actual values of a regression: x is the prediction, y the truth. */
export function PredictedActualCard({ evaluation }: { evaluation: FragmentType<typeof PredictedActualCardEvaluation> }) {
  const points = readFragment(PredictedActualCardEvaluation, evaluation).predictedActual;
  if (!points || points.length === 0) return null;
  const domain = extentOf(
    points.flatMap((point) => [point.x, point.y]),
    0.03,
  );
  return (
    <Card title="Predicted and actual" note="Each point is a row of the holdout; on the line the prediction is right.">
      <Plot
        square
        data={{ name: 'Predicted and actual', columns: ['predicted', 'actual'], rows: points.map((point) => [point.x, point.y]) }}
        summary={`${points.length} rows: predicted against actual values from ${formatNumber(domain[0])} to ${formatNumber(domain[1])}.`}
        xLabel="predicted"
        yLabel="actual"
        xDomain={domain}
        yDomain={domain}
      >
        {(x, y) => (
          <>
            {points.map((point, index) => (
              <circle key={index} cx={x(point.x)} cy={y(point.y)} r="2.5" className="fill-chart opacity-50" />
            ))}
            <line x1={x(domain[0])} y1={y(domain[0])} x2={x(domain[1])} y2={y(domain[1])} strokeDasharray="4 4" className="stroke-ink" />
          </>
        )}
      </Plot>
    </Card>
  );
}
