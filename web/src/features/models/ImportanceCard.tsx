import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatNumber } from '../../lib/format';
import { Card } from '../../ui/Card';
import { LongBarList } from '../../ui/charts/LongBarList';

const ImportanceCardEvaluation = graphql(`
  fragment ImportanceCard_evaluation on Evaluation {
    importance {
      column
      importance
      sd
    }
  }
`);

/** How much worse the answers get when a column is shuffled. */
export function ImportanceCard({ evaluation }: { evaluation: FragmentType<typeof ImportanceCardEvaluation> }) {
  const { importance } = readFragment(ImportanceCardEvaluation, evaluation);
  if (importance.length === 0) return null;
  const sorted = [...importance].sort((left, right) => right.importance - left.importance);
  return (
    <Card title="What it looks at" note="How much worse the score gets when a column is shuffled; the thin line is the spread over repeats.">
      <LongBarList
        label="Importance of the columns"
        data={{ name: 'Importance of the columns', columns: ['column', 'importance', 'standard deviation'], rows: sorted.map((one) => [one.column, one.importance, one.sd]) }}
        bars={sorted.map((one) => ({ key: one.column, name: one.column, value: one.importance, sd: one.sd, text: one.sd > 0 ? `${formatNumber(one.importance)} ± ${formatNumber(one.sd)}` : formatNumber(one.importance) }))}
      />
    </Card>
  );
}
