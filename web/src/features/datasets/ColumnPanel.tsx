import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatNumber, formatPercent } from '../../lib/format';
import { BarList } from '../../ui/charts/BarList';
import { HistogramPlot } from '../../ui/charts/HistogramPlot';
import { Fact } from '../../ui/Fact';
import { Loading } from '../../ui/Loading';

const ColumnPanelColumn = graphql(`
  fragment ColumnPanel_column on ColumnProfile {
    name
    evidence
    missing
    distinct
    min
    max
    mean
    sd
    median
    quantiles
    outliers
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

/** The names of `quantiles`, in order. */
const QUANTILES = ['5%', '25%', 'Half', '75%', '95%'];

type ColumnPanelProps = { column: FragmentType<typeof ColumnPanelColumn> | undefined; rows: number };

/** Everything that is known of a column's values. */
export function ColumnPanel({ column: masked, rows }: ColumnPanelProps) {
  const column = readFragment(ColumnPanelColumn, masked);
  if (!column) {
    return (
      <div className="min-h-64">
        <Loading label="Loading the column" lines={6} />
      </div>
    );
  }
  const known = Math.max(1, rows - column.missing);
  const { histogram, quantiles, topValues, samples, mean, sd, outliers } = column;
  return (
    <div className="space-y-5">
      <p className="max-w-prose text-muted">{column.evidence}</p>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Fact name="Missing">{column.missing === 0 ? 'none' : `${formatCount(column.missing)} (${formatPercent(column.missing / Math.max(1, rows))})`}</Fact>
        <Fact name="Different values">{formatCount(column.distinct)}</Fact>
        {mean !== null ? <Fact name="Mean">{formatNumber(mean)}</Fact> : null}
        {sd !== null ? <Fact name="Standard deviation">{formatNumber(sd)}</Fact> : null}
        {outliers !== null ? (
          <Fact name="Far from the rest">
            {formatCount(outliers)} {outliers > 0 ? `(${formatPercent(outliers / known)})` : ''}
          </Fact>
        ) : null}
      </dl>
      <div className="grid gap-6 md:grid-cols-2">
        {histogram && histogram.length > 0 ? <HistogramPlot bins={histogram} name={column.name} /> : null}
        {quantiles && column.min !== null && column.max !== null ? (
          <QuantileTable figures={[['Least', column.min], ...quantiles.map((value, place): [string, number] => [QUANTILES[place] ?? '', value]), ['Most', column.max]]} />
        ) : null}
        {topValues.length > 0 ? (
          <div className="min-w-0">
            <h4 className="mb-2 font-medium">Most frequent values</h4>
            <BarList
              dense
              label={`The most frequent values of ${column.name}, with their rows`}
              bars={topValues.map((one) => ({
                key: one.value,
                name: one.value === '' ? '(empty)' : one.value,
                value: one.count,
                text: `${formatCount(one.count)} · ${formatPercent(one.count / known)}`,
              }))}
            />
            {column.distinct > topValues.length ? <p className="mt-2 text-xs text-muted">and {formatCount(column.distinct - topValues.length)} more</p> : null}
          </div>
        ) : samples.length > 0 ? (
          <div className="min-w-0">
            <h4 className="mb-2 font-medium">Some values</h4>
            <ul className="list-disc space-y-1 pl-5 break-words">
              {samples.map((sample) => (
                <li key={sample}>{sample}</li>
              ))}
            </ul>
          </div>
        ) : null}
      </div>
    </div>
  );
}

function QuantileTable({ figures }: { figures: readonly [string, number][] }) {
  return (
    <table className="tabular h-fit w-full text-left">
      <caption className="mb-1 text-left font-medium">
        Quantiles <span className="font-normal text-muted">(the share of rows below)</span>
      </caption>
      <tbody>
        {figures.map(([name, value]) => (
          <tr key={name} className="border-t border-line first:border-0">
            <th scope="row" className="py-1 pr-4 font-normal text-muted">
              {name}
            </th>
            <td className="py-1 text-right">{formatNumber(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
