import { graphql, readFragment, type FragmentType } from '../../gql';
import type { ProblemType } from '../../gql/graphql';
import { formatCount, formatPercent } from '../../lib/format';
import { BarList } from '../../ui/charts/BarList';
import { HistogramPlot } from '../../ui/charts/HistogramPlot';
import { targetNotes } from './targetNotes';

const TargetValuesColumn = graphql(`
  fragment TargetValues_column on ColumnProfile {
    name
    missing
    distinct
    mean
    median
    sd
    topValues {
      value
      count
    }
    histogram {
      from
      to
      count
    }
    asTarget {
      ambiguous
    }
  }
`);

const CLASSES = 8;

/** How the values of the target are spread, and what that means for a model. */
export function TargetValues({ column: masked, problem, rows }: { column: FragmentType<typeof TargetValuesColumn> | undefined; problem: ProblemType; rows: number }) {
  const column = readFragment(TargetValuesColumn, masked);
  // As high as a chart or a few classes, so that little moves when they arrive.
  if (!column) return <div aria-hidden className="min-h-56 animate-pulse rounded-xl bg-sunken" />;
  const known = Math.max(1, rows - column.missing);
  const classes = column.topValues;
  return (
    <div className="min-h-56 space-y-4">
      {column.asTarget.ambiguous ? <p>Another kind of problem would be as plausible; you can choose it on the next page.</p> : null}
      {problem === 'REGRESSION' && column.histogram && column.histogram.length > 0 ? <HistogramPlot bins={column.histogram} name={column.name} height={180} /> : null}
      {problem !== 'REGRESSION' && classes.length > 0 ? (
        <>
          <BarList
            label="Classes"
            bars={classes.slice(0, CLASSES).map((one) => ({
              key: one.value,
              name: one.value === '' ? '(empty)' : one.value,
              value: one.count,
              text: `${formatCount(one.count)} · ${formatPercent(one.count / known)}`,
            }))}
          />
          {column.distinct > CLASSES ? <p className="text-muted">and {formatCount(column.distinct - CLASSES)} more classes</p> : null}
        </>
      ) : null}
      {targetNotes(problem, column, rows).map((note) => (
        <p key={note} className="text-warn">
          {note}
        </p>
      ))}
    </div>
  );
}
