import type { Bar } from './BarList';

const ROW = 34;
const WIDTH = 520;
const INNER = WIDTH - 24;

type BarPictureProps = {
  bars: readonly Bar[];
  /** Where on a line from 0 to 1 a value lies. */
  at: (value: number) => number;
};

/** The bars as one drawing, for files alone: on the page they are a list. */
export function BarPicture({ bars, at }: BarPictureProps) {
  const x = (value: number) => Math.min(1, Math.max(0, at(value))) * INNER;
  const height = bars.length * ROW + 16;
  return (
    <svg data-picture aria-hidden width={WIDTH} height={height} viewBox={`0 0 ${WIDTH} ${height}`} className="pointer-events-none absolute top-0 -left-[9999px]">
      {bars.map((bar, place) => (
        <g key={bar.key} transform={`translate(12 ${8 + place * ROW})`}>
          <text y="13" className="fill-ink text-[12px]">
            {typeof bar.name === 'string' ? bar.name : bar.key}
          </text>
          <text x={INNER} y="13" textAnchor="end" className="fill-muted text-[12px]">
            {bar.text}
          </text>
          <rect y="18" width={INNER} height="8" className="fill-sunken" />
          <rect
            x={Math.min(x(0), x(bar.value))}
            y="18"
            width={Math.abs(x(bar.value) - x(0))}
            height="8"
            className={bar.value < 0 ? 'fill-chart-2' : 'fill-chart'}
          />
          {bar.sd ? <line x1={x(bar.value - bar.sd)} x2={x(bar.value + bar.sd)} y1="22" y2="22" className="stroke-ink stroke-2" /> : null}
        </g>
      ))}
    </svg>
  );
}
