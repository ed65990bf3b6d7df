import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatPercent } from '../../lib/format';
import { Card } from '../../ui/Card';
import { Select } from '../../ui/Select';

const ConfusionCardEvaluation = graphql(`
  fragment ConfusionCard_evaluation on Evaluation {
    confusion {
      labels
      counts
    }
  }
`);

type Unit = 'counts' | 'rows';

/** Which class was taken for which: truth in rows, answers in columns. */
export function ConfusionCard({ evaluation }: { evaluation: FragmentType<typeof ConfusionCardEvaluation> }) {
  const { confusion } = readFragment(ConfusionCardEvaluation, evaluation);
  const [unit, setUnit] = useState<Unit>('counts');
  if (!confusion) return null;
  const { labels, counts } = confusion;
  return (
    <Card
      title="Right and wrong answers"
      note="Each row is a true class, each column an answer; the diagonal is right."
      actions={
        <Select
          aria-label="Show as"
          value={unit}
          onChange={(event) => setUnit(event.target.value as Unit)}
          size="small"
        >
          <option value="counts">Counts</option>
          <option value="rows">Share of the true class</option>
        </Select>
      }
    >
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="region" aria-label="Confusion matrix" tabIndex={0} className="max-h-[28rem] overflow-auto">
        <table className="text-xs">
          <thead>
            <tr>
              <td className="p-2 text-muted">true ↓ answer →</td>
              {labels.map((label) => (
                <th key={label} scope="col" className="max-w-28 truncate p-2 text-center font-medium">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, row) => {
              const cells = counts[row] ?? [];
              const total = cells.reduce((sum, count) => sum + count, 0);
              return (
                <tr key={label}>
                  <th scope="row" className="max-w-32 truncate p-2 text-left font-medium">
                    {label}
                  </th>
                  {labels.map((answer, column) => (
                    <Cell key={answer} count={cells[column] ?? 0} total={total} right={row === column} unit={unit} />
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Cell({ count, total, right, unit }: { count: number; total: number; right: boolean; unit: Unit }) {
  const share = total === 0 ? 0 : count / total;
  // At most 45 % of the tint, so that the number stays readable in both themes.
  const tint = `color-mix(in oklab, var(${right ? '--chart-2' : '--bad'}) ${Math.round(share * 45)}%, var(--panel))`;
  return (
    <td className="tabular h-11 min-w-16 border-2 border-panel px-2 text-center" style={{ backgroundColor: tint }}>
      {unit === 'counts' ? formatCount(count) : formatPercent(share)}
    </td>
  );
}
