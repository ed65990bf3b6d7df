import type { Bar } from './BarList';
import type { ChartData } from './chartData';
import { ChartFrame } from './ChartFrame';

const ROW = 34;
const WIDTH = 520;

/** Named bars to the right of a middle line where they add, to the left where they take away. */
export function SignedBarList({ bars, label, data }: { bars: readonly Omit<Bar, 'sd'>[]; label: string; data: ChartData }) {
  const longest = bars.reduce((most, bar) => Math.max(most, Math.abs(bar.value)), 0);
  const half = (value: number) => (longest === 0 ? 0 : (Math.abs(value) / longest) * 50);
  const start = (value: number) => (value < 0 ? 50 - half(value) : 50);
  const tone = (value: number) => (value < 0 ? 'fill-chart-2' : 'fill-chart');
  const inner = WIDTH - 24;
  return (
    <ChartFrame
      data={data}
      picture={
        <svg data-picture aria-hidden width={WIDTH} height={bars.length * ROW + 16} className="pointer-events-none absolute top-0 -left-[9999px]">
          {bars.map((bar, place) => (
            <g key={bar.key} transform={`translate(12 ${8 + place * ROW})`}>
              <text y="13" className="fill-ink text-[12px]">
                {typeof bar.name === 'string' ? bar.name : bar.key}
              </text>
              <text x={inner} y="13" textAnchor="end" className="fill-muted text-[12px]">
                {bar.text}
              </text>
              <rect y="18" width={inner} height="8" className="fill-sunken" />
              <rect x={(start(bar.value) * inner) / 100} y="18" width={(half(bar.value) * inner) / 100} height="8" className={tone(bar.value)} />
            </g>
          ))}
        </svg>
      }
    >
      <ul aria-label={label} className="space-y-2.5">
        {bars.map((bar) => (
          <li key={bar.key}>
            <div className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">{bar.name}</span>
              <span className="tabular shrink-0 text-muted">{bar.text}</span>
            </div>
            <svg aria-hidden viewBox="0 0 100 8" preserveAspectRatio="none" className="mt-0.5 block h-2 w-full">
              <rect width="100" height="8" className="fill-sunken" />
              <rect x={start(bar.value)} width={half(bar.value)} height="8" className={tone(bar.value)} />
              <line x1="50" x2="50" y1="0" y2="8" vectorEffect="non-scaling-stroke" className="stroke-edge" />
            </svg>
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}
