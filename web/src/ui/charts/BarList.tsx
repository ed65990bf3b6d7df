import type { ReactNode } from 'react';
import { BarPicture } from './BarPicture';
import type { ChartData } from './chartData';
import { ChartFrame } from './ChartFrame';

export type Bar = { key: string; name: ReactNode; value: number; text: string; /** Half the length of the error bar, in the unit of `value`. */ sd?: number };

type BarListProps = {
  bars: readonly Bar[];
  label: string;
  dense?: boolean;
  /** The value of a full bar; the longest one when it is left out. */
  full?: number;
  /** The same as numbers, where they are worth a file. */
  data?: ChartData;
};

/** Named bars, in the order given. A list, so that it reads well aloud. */
export function BarList({ bars, label, dense = false, full = 0, data }: BarListProps) {
  let longest = full;
  for (const bar of bars) longest = Math.max(longest, bar.value + (bar.sd ?? 0));
  const share = (value: number) => (longest <= 0 ? 0 : Math.min(100, Math.max(0, (value / longest) * 100)));
  const list = (
    <ul aria-label={label} className={dense ? 'space-y-1 text-xs' : 'space-y-2.5'}>
      {bars.map((bar) => (
        <li key={bar.key}>
          <div className="flex items-baseline justify-between gap-3">
            <span className={`min-w-0 ${dense ? 'truncate' : 'line-clamp-2 wrap-anywhere'}`}>{bar.name}</span>
            <span className="tabular shrink-0 text-muted">{bar.text}</span>
          </div>
          <svg aria-hidden viewBox="0 0 100 8" preserveAspectRatio="none" className={`mt-0.5 block w-full ${dense ? 'h-1' : 'h-2'}`}>
            <rect width="100" height="8" className="fill-sunken" />
            <rect width={share(bar.value)} height="8" className="fill-chart" />
            {bar.sd ? (
              <line
                x1={share(bar.value - bar.sd)}
                x2={share(bar.value + bar.sd)}
                y1="4"
                y2="4"
                vectorEffect="non-scaling-stroke"
                className="stroke-ink stroke-2"
              />
            ) : null}
          </svg>
        </li>
      ))}
    </ul>
  );
  if (!data) return list;
  return (
    <ChartFrame data={data} picture={<BarPicture bars={bars} at={(value) => share(value) / 100} />}>
      {list}
    </ChartFrame>
  );
}
