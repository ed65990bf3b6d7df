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
  // Names stand upright then, so that a dozen classes are seen at once.
  const many = labels.length > 5;
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
      <div role="region" aria-label="Confusion matrix" tabIndex={0} className="max-h-[36rem] overflow-auto">
        <table className="text-xs">
          <thead>
            <tr>
              <td className="py-2 pr-2 align-bottom text-muted">true ↓ answer →</td>
              {labels.map((label) => (
                <th key={label} scope="col" title={label} className={`font-medium ${many ? 'px-1 py-2 align-bottom' : 'max-w-28 truncate p-2 text-center'}`}>
                  {many ? <span className="mx-auto block max-h-28 rotate-180 truncate text-left [writing-mode:vertical-rl]">{label}</span> : label}
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
                  <th scope="row" title={label} className={`truncate py-1 pr-2 text-left font-medium ${many ? 'max-w-28' : 'max-w-32'}`}>
                    {label}
                  </th>
                  {labels.map((answer, column) => (
                    <Cell key={answer} count={cells[column] ?? 0} total={total} right={row === column} unit={unit} dense={many} />
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

type CellProps = { count: number; total: number; right: boolean; unit: Unit; dense: boolean };

function Cell({ count, total, right, unit, dense }: CellProps) {
  const share = total === 0 ? 0 : count / total;
  // At most 45% of the tint, so that the number stays readable in both themes.
  const tint = `color-mix(in oklab, var(${right ? '--chart-2' : '--bad'}) ${Math.round(share * 45)}%, var(--panel))`;
  return (
    <td className={`tabular border-2 border-panel text-center ${dense ? 'h-8 min-w-7 px-0.5' : 'h-11 min-w-16 px-2'}`} style={{ backgroundColor: tint }}>
      {unit === 'counts' ? formatCount(count) : formatPercent(share)}
    </td>
  );
}
