type Bin = { from: number; to: number; count: number };

/** A small histogram without axes; its range stands beside it as text. */
export function Histogram({ bins, summary }: { bins: readonly Bin[]; summary: string }) {
  const highest = bins.reduce((most, bin) => Math.max(most, bin.count), 0);
  const step = 100 / Math.max(1, bins.length);
  return (
    <svg role="img" aria-label={summary} viewBox="0 0 100 32" preserveAspectRatio="none" className="block h-8 w-full">
      {bins.map((bin, index) => {
        // A bin that holds anything stays visible.
        const tall = highest === 0 || bin.count === 0 ? 0 : Math.max(1.5, (bin.count / highest) * 32);
        return <rect key={bin.from} x={index * step} y={32 - tall} width={step * 0.88} height={tall} className="fill-chart" />;
      })}
    </svg>
  );
}
