import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatScore } from '../../lib/format';
import { METRICS, metricName } from '../../lib/metrics';
import { Card } from '../../ui/Card';

const MetricsCardEvaluation = graphql(`
  fragment MetricsCard_evaluation on Evaluation {
    metrics {
      metric
      value
      higherIsBetter
    }
  }
`);

/** Every metric that is defined for the problem, on the holdout, each explained. */
export function MetricsCard({ evaluation }: { evaluation: FragmentType<typeof MetricsCardEvaluation> }) {
  const { metrics } = readFragment(MetricsCardEvaluation, evaluation);
  return (
    <Card title="All metrics" note="On the rows that were set aside.">
      <dl className="divide-y divide-line">
        {metrics.map((one) => (
          <div key={one.metric} className="grid grid-cols-[1fr_auto] gap-x-4 py-2 first:pt-0 last:pb-0">
            <dt>
              <span className="font-medium">{metricName(one.metric)}</span>
              <span className="block text-xs text-muted">{METRICS[one.metric].meaning}</span>
            </dt>
            <dd className="tabular text-right">
              <span className="font-medium">{formatScore(one.value)}</span>
              <span className="block text-xs text-muted">{one.higherIsBetter ? 'higher is better' : 'lower is better'}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
