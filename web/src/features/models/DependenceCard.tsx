import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatNumber, formatPercent } from '../../lib/format';
import { Card } from '../../ui/Card';
import { BarList } from '../../ui/charts/BarList';
import { Plot } from '../../ui/charts/Plot';
import { extentOf } from '../../ui/charts/scale';
import { SelectInput } from '../../ui/Field';
import { curveOf, rowsOf, spanOf, type DependenceOf } from './dependence';

const DependenceCardEvaluation = graphql(`
  fragment DependenceCard_evaluation on Evaluation {
    dependence {
      column
      classes
      rows
      lines
      points {
        value
        label
        means
      }
    }
  }
`);

/** How the answer changes with one column while all others stay as they are. */
export function DependenceCard({ evaluation, target }: { evaluation: FragmentType<typeof DependenceCardEvaluation>; target: string }) {
  const { dependence } = readFragment(DependenceCardEvaluation, evaluation);
  const [column, setColumn] = useState<string | null>(null);
  const [output, setOutput] = useState(0);
  const shown = dependence.find((one) => one.column === column) ?? dependence[0];
  if (!shown) return null;
  const place = output < shown.classes.length ? output : 0;
  const answer = shown.classes.length > 0 ? `probability of ${shown.classes[place] ?? ''}` : target;
  return (
    <Card title="How the answer depends on a column" note={`The mean answer when the column is set to each value in turn, over ${formatCounted(shown.rows, 'row')} of the holdout.`}>
      <div className="mb-4 grid gap-3 sm:grid-cols-2">
        <SelectInput label="Column" value={shown.column} onChange={(event) => setColumn(event.target.value)}>
          {dependence.map((one) => (
            <option key={one.column} value={one.column}>
              {one.column}
            </option>
          ))}
        </SelectInput>
        {shown.classes.length > 1 ? (
          <SelectInput label="Class" value={String(place)} onChange={(event) => setOutput(Number(event.target.value))}>
            {shown.classes.map((one, index) => (
              <option key={one} value={index}>
                {one}
              </option>
            ))}
          </SelectInput>
        ) : null}
      </div>
      <Curve dependence={shown} output={place} answer={answer} />
    </Card>
  );
}

type CurveProps = { dependence: DependenceOf; output: number; answer: string };

function Curve({ dependence, output, answer }: CurveProps) {
  const format = dependence.classes.length > 0 ? formatPercent : formatNumber;
  const curve = curveOf(dependence, output);
  const data = {
    name: `Dependence on ${dependence.column}`,
    columns: [dependence.column, `mean ${answer}`],
    rows: dependence.points.map((point) => [point.label ?? point.value, point.means[output] ?? null]),
  };
  if (!curve) {
    const bars = dependence.points.map((point) => {
      const mean = point.means[output] ?? 0;
      const name = point.label ?? (point.value === null ? 'missing' : formatNumber(point.value));
      return { key: name, name, value: mean, text: format(mean) };
    });
    return <BarList label={`Mean ${answer} by ${dependence.column}`} bars={bars} data={data} />;
  }
  const rows = rowsOf(dependence, output);
  const x = extentOf(curve.map((point) => point.x));
  const y = extentOf([...curve.map((point) => point.mean), ...rows.flat()], 0.05);
  const moves = format(spanOf(dependence, output));
  return (
    <>
      <p aria-hidden className="mb-1 flex flex-wrap gap-x-5 text-xs text-muted">
        <span>
          <span className="mr-1.5 inline-block w-4 border-t-2 border-chart align-middle" />
          mean; it moves by {moves}
        </span>
        {rows.length > 0 ? (
          <span>
            <span className="mr-1.5 inline-block w-4 border-t-2 border-chart-soft align-middle" />
            single rows
          </span>
        ) : null}
      </p>
      <Plot
        data={data}
        summary={`The mean ${answer} for ${dependence.column} from ${formatNumber(x[0])} to ${formatNumber(x[1])}; it moves by ${moves}.`}
        xLabel={dependence.column}
        yLabel={answer}
        xDomain={x}
        yDomain={y}
        formatY={format}
      >
        {(toX, toY) => (
          <>
            {rows.map((row, index) => (
              <polyline key={index} fill="none" className="stroke-chart-soft" points={row.map((value, point) => `${toX(curve[point]?.x ?? 0)},${toY(value)}`).join(' ')} />
            ))}
            <polyline fill="none" className="stroke-chart stroke-[2.5px]" points={curve.map((point) => `${toX(point.x)},${toY(point.mean)}`).join(' ')} />
          </>
        )}
      </Plot>
    </>
  );
}
