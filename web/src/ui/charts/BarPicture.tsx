import type { Bar } from './BarList';

const ROW = 34;
const WIDTH = 520;

/** The bars as one drawing, for files alone: on the page they are a list. */
export function BarPicture({ bars, longest }: { bars: readonly Bar[]; longest: number }) {
  const wide = (value: number) => (longest <= 0 ? 0 : Math.min(1, Math.max(0, value / longest)) * (WIDTH - 24));
  const height = bars.length * ROW + 16;
  return (
    <svg data-picture aria-hidden width={WIDTH} height={height} viewBox={`0 0 ${WIDTH} ${height}`} className="pointer-events-none absolute -left-[9999px] top-0">
      {bars.map((bar, place) => (
        <g key={bar.key} transform={`translate(12 ${8 + place * ROW})`}>
          <text y="13" className="fill-ink text-[12px]">
            {typeof bar.name === 'string' ? bar.name : bar.key}
          </text>
          <text x={WIDTH - 24} y="13" textAnchor="end" className="fill-muted text-[12px]">
            {bar.text}
          </text>
          <rect y="18" width={WIDTH - 24} height="8" className="fill-sunken" />
          <rect y="18" width={wide(bar.value)} height="8" className="fill-chart" />
          {bar.sd ? <line x1={wide(bar.value - bar.sd)} x2={wide(bar.value + bar.sd)} y1="22" y2="22" className="stroke-ink stroke-2" /> : null}
        </g>
      ))}
    </svg>
  );
}
