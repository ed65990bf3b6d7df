import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatNumber } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { BarList } from '../../ui/charts/BarList';

const ImportanceCardEvaluation = graphql(`
  fragment ImportanceCard_evaluation on Evaluation {
    importance {
      column
      importance
      sd
    }
  }
`);

const FIRST = 12;

/** How much worse the answers get when a column is shuffled. */
export function ImportanceCard({ evaluation }: { evaluation: FragmentType<typeof ImportanceCardEvaluation> }) {
  const { importance } = readFragment(ImportanceCardEvaluation, evaluation);
  const [all, setAll] = useState(false);
  if (importance.length === 0) return null;
  const sorted = [...importance].sort((left, right) => right.importance - left.importance);
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <Card title="What it looks at" note="How much worse the score gets when a column is shuffled; the dark line is the spread over repeats.">
      <BarList
        label="Importance of the columns"
        bars={shown.map((one) => ({ key: one.column, name: one.column, value: one.importance, sd: one.sd, text: `${formatNumber(one.importance)} ± ${formatNumber(one.sd)}` }))}
      />
      {sorted.length > FIRST ? (
        <div className="mt-4">
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${formatCount(sorted.length)} columns`}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}
