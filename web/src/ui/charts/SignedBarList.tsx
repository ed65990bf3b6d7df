import type { Bar } from './BarList';
import { BarPicture } from './BarPicture';
import type { ChartData } from './chartData';
import { ChartFrame } from './ChartFrame';

/** Named bars to the right of a middle line where they add, to the left where they take away. */
export function SignedBarList({ bars, label, data }: { bars: readonly Omit<Bar, 'sd'>[]; label: string; data: ChartData }) {
  const longest = bars.reduce((most, bar) => Math.max(most, Math.abs(bar.value)), 0);
  const half = (value: number) => (longest === 0 ? 0 : (Math.abs(value) / longest) * 50);
  const start = (value: number) => (value < 0 ? 50 - half(value) : 50);
  const tone = (value: number) => (value < 0 ? 'fill-chart-2' : 'fill-chart');
  return (
    <ChartFrame
      data={data}
      picture={<BarPicture bars={bars} at={(value) => 0.5 + (value < 0 ? -1 : 1) * (half(value) / 100)} />}
    >
      <ul aria-label={label} className="space-y-2.5">
        {bars.map((bar) => (
          <li key={bar.key}>
            <div className="flex items-baseline justify-between gap-3">
              <span className="line-clamp-2 min-w-0 wrap-anywhere">{bar.name}</span>
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
