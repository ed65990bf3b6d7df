import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatNumber } from '../../lib/format';
import { Card } from '../../ui/Card';
import { LongBarList } from '../../ui/charts/LongBarList';

const AttributionCardEvaluation = graphql(`
  fragment AttributionCard_evaluation on Evaluation {
    attributionRows
    attribution {
      column
      meanAbsolute
    }
  }
`);

/** How much of its answers comes from each column. */
export function AttributionCard({ evaluation }: { evaluation: FragmentType<typeof AttributionCardEvaluation> }) {
  const { attribution, attributionRows } = readFragment(AttributionCardEvaluation, evaluation);
  if (attribution.length === 0) return null;
  return (
    <Card
      title="What its answers are made of"
      note={`How far each column moves an answer from the average one: the mean size of its Shapley value over ${formatCounted(attributionRows, 'row')}, in units of the answer.`}
    >
      <LongBarList
        label="Mean contribution of the columns"
        data={{ name: 'Mean contribution of the columns', columns: ['column', 'mean absolute contribution'], rows: attribution.map((one) => [one.column, one.meanAbsolute]) }}
        bars={attribution.map((one) => ({ key: one.column, name: one.column, value: one.meanAbsolute, text: formatNumber(one.meanAbsolute) }))}
      />
    </Card>
  );
}
