import { formatCount, formatNumber } from '../../lib/format';
import { Plot } from './Plot';

type Bin = { from: number; to: number; count: number };

/** A histogram with axes. */
export function HistogramPlot({ bins, name, height = 200 }: { bins: readonly Bin[]; name: string; height?: number }) {
  const first = bins[0];
  const last = bins.at(-1);
  if (!first || !last) return null;
  const highest = bins.reduce((most, bin) => Math.max(most, bin.count), 0);
  const fullest = bins.find((bin) => bin.count === highest) ?? first;
  // One value alone has no width.
  const xDomain: [number, number] = first.from < last.to ? [first.from, last.to] : [first.from - 0.5, last.to + 0.5];
  const span = (bin: Bin): [number, number] => (first.from < last.to ? [bin.from, bin.to] : xDomain);
  return (
    <Plot
      data={{ name: `Distribution of ${name}`, columns: ['from', 'to', 'rows'], rows: bins.map((bin) => [bin.from, bin.to, bin.count]) }}
      summary={`Distribution of ${name} from ${formatNumber(first.from)} to ${formatNumber(last.to)}; most rows, ${formatCount(highest)}, lie from ${formatNumber(fullest.from)} to ${formatNumber(fullest.to)}.`}
      xLabel={name.length > 40 ? `${name.slice(0, 39)}…` : name}
      yLabel="rows"
      xDomain={xDomain}
      yDomain={[0, Math.max(1, highest)]}
      height={height}
    >
      {(x, y) =>
        bins.map((bin) => {
          const [from, to] = span(bin);
          const left = x(from);
          // A bin that holds anything stays visible.
          const top = bin.count === 0 ? y(0) : Math.min(y(bin.count), y(0) - 1.5);
          return (
            <rect key={bin.from} x={left + 0.5} y={top} width={Math.max(1, x(to) - left - 1)} height={y(0) - top} className="fill-chart">
              <title>{`${formatNumber(from)} to ${formatNumber(to)}: ${formatCount(bin.count)} rows`}</title>
            </rect>
          );
        })
      }
    </Plot>
  );
}
