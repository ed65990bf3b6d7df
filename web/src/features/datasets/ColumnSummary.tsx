import { graphql, readFragment, type FragmentType } from '../../gql';
import type { ColumnSummary_ColumnFragment } from '../../gql/graphql';
import { formatCount, formatNumber } from '../../lib/format';
import { BarList } from '../../ui/charts/BarList';
import { Histogram } from '../../ui/charts/Histogram';

const ColumnSummaryColumn = graphql(`
  fragment ColumnSummary_column on ColumnProfile {
    name
    min
    max
    topValues {
      value
      count
    }
    histogram {
      from
      to
      count
    }
    samples
  }
`);

/** Values at a glance: a small histogram, the most frequent ones, or some. */
export function ColumnSummary({ column: masked }: { column: FragmentType<typeof ColumnSummaryColumn> | undefined }) {
  const column = readFragment(ColumnSummaryColumn, masked);
  // As high as a histogram with its range, so that nothing moves when it arrives.
  if (!column) return <div aria-hidden className="h-13 animate-pulse rounded bg-sunken" />;
  return <Values column={column} />;
}

function Values({ column }: { column: ColumnSummary_ColumnFragment }) {
  const { histogram, min, max } = column;
  if (histogram && histogram.length > 0 && min !== null && max !== null) {
    const range = [formatNumber(min), formatNumber(max)];
    return (
      <>
        <Histogram bins={histogram} summary={`Distribution of ${column.name} from ${range.join(' to ')}`} />
        <p className="tabular mt-1 flex justify-between text-xs text-muted">
          <span>{range[0]}</span>
          <span>{range[1]}</span>
        </p>
      </>
    );
  }
  if (column.topValues.length > 0) {
    const bars = column.topValues.slice(0, 4).map((one) => ({ key: one.value, name: one.value === '' ? '(empty)' : one.value, value: one.count, text: formatCount(one.count) }));
    return <BarList dense label={`Most frequent values of ${column.name}`} bars={bars} />;
  }
  return <p className="text-xs break-words text-muted">{column.samples.slice(0, 3).join(' · ')}</p>;
}
