import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatCounted, formatNumber } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { BarList } from '../../ui/charts/BarList';

const AttributionCardEvaluation = graphql(`
  fragment AttributionCard_evaluation on Evaluation {
    attributionRows
    attribution {
      column
      meanAbsolute
    }
  }
`);

const FIRST = 12;

/** How much of its answers comes from each column. */
export function AttributionCard({ evaluation }: { evaluation: FragmentType<typeof AttributionCardEvaluation> }) {
  const { attribution, attributionRows } = readFragment(AttributionCardEvaluation, evaluation);
  const [all, setAll] = useState(false);
  if (attribution.length === 0) return null;
  const shown = all ? attribution : attribution.slice(0, FIRST);
  return (
    <Card
      title="What its answers are made of"
      note={`How far each column moves an answer from the average one: the mean size of its Shapley value over ${formatCounted(attributionRows, 'row')}, in units of the answer.`}
    >
      <BarList
        label="Mean contribution of the columns"
        bars={shown.map((one) => ({ key: one.column, name: one.column, value: one.meanAbsolute, text: formatNumber(one.meanAbsolute) }))}
      />
      {attribution.length > FIRST ? (
        <div className="mt-4">
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${formatCount(attribution.length)} columns`}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}
