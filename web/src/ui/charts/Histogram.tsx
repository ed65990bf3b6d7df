type Bin = { from: number; to: number; count: number };

/** A small histogram without axes; its range stands beside it as text. */
export function Histogram({ bins, summary }: { bins: readonly Bin[]; summary: string }) {
  const highest = bins.reduce((most, bin) => Math.max(most, bin.count), 0);
  const step = 100 / Math.max(1, bins.length);
  // One drawing instead of thirty: a table may have hundreds of columns.
  const bar = ({ count }: Bin, place: number) => {
    // A bin that holds anything stays visible.
    const tall = highest === 0 || count === 0 ? 0 : Math.max(1.5, (count / highest) * 32);
    return `M${round(place * step)} 32h${round(step * 0.88)}v${round(-tall)}h${round(-step * 0.88)}z`;
  };
  return (
    <svg role="img" aria-label={summary} viewBox="0 0 100 32" preserveAspectRatio="none" className="block h-8 w-full">
      <path d={bins.map(bar).join('')} className="fill-chart" />
    </svg>
  );
}

const round = (value: number) => Math.round(value * 100) / 100;
