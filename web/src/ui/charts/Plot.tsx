import type { ReactNode } from 'react';
import { formatNumber } from '../../lib/format';
import type { ChartData } from './chartData';
import { ChartFrame } from './ChartFrame';
import { linearScale, roundTicks, type Scale } from './scale';
import { useWidth } from './useWidth';

type PlotProps = {
  /** What is drawn, as numbers. */
  data: ChartData;
  /** What the chart shows, in a sentence, for those who cannot see it. */
  summary: string;
  xLabel: string;
  yLabel: string;
  xDomain: readonly [number, number];
  yDomain: readonly [number, number];
  height?: number;
  /** Ticks fall on round multiples of this, for instance 60 where seconds are shown as minutes. */
  xUnit?: number;
  formatX?: (value: number) => string;
  formatY?: (value: number) => string;
  /** Same length of a unit on both axes. */
  square?: boolean;
  children: (x: Scale, y: Scale) => ReactNode;
};

const LEFT = 58;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 42;

/** A frame with two axes, as wide as its place; the caller draws inside with the scales. */
export function Plot({ data, summary, xLabel, yLabel, xDomain, yDomain, height = 240, xUnit = 1, formatX, formatY, square, children }: PlotProps) {
  const [attach, place, unit] = useWidth(480);
  const width = square ? Math.min(place, 420) : place;
  const tall = square ? width : height;
  const x = linearScale(xDomain, [LEFT, width - RIGHT]);
  const y = linearScale(yDomain, [tall - BOTTOM, TOP]);
  const xTicks = roundTicks([xDomain[0] / xUnit, xDomain[1] / xUnit], Math.max(2, width / 110)).map((tick) => tick * xUnit);
  const yTicks = roundTicks(yDomain, Math.max(2, tall / 60));
  const nameX = formatX ?? sameDigits(xTicks);
  const nameY = formatY ?? sameDigits(yTicks);
  return (
    <ChartFrame data={data}>
      <div ref={attach} className="w-full min-w-0">
        <svg width={width * unit} height={tall * unit} viewBox={`0 0 ${width} ${tall}`} role="img" aria-label={summary} className="mx-auto block max-w-full overflow-visible">
          {yTicks.map((tick) => (
            <g key={`y${tick}`} transform={`translate(0 ${y(tick)})`}>
              <line x1={LEFT} x2={width - RIGHT} className="stroke-line" />
              <text x={LEFT - 8} dy="0.32em" textAnchor="end" className="tabular fill-muted text-[11px]">
                {nameY(tick)}
              </text>
            </g>
          ))}
          {xTicks.map((tick) => (
            <text key={`x${tick}`} x={x(tick)} y={tall - BOTTOM + 16} textAnchor="middle" className="tabular fill-muted text-[11px]">
              {nameX(tick)}
            </text>
          ))}
          <text x={(LEFT + width - RIGHT) / 2} y={tall - 6} textAnchor="middle" className="fill-muted text-[11px]">
            {xLabel}
          </text>
          <text transform={`translate(11 ${(TOP + tall - BOTTOM) / 2}) rotate(-90)`} textAnchor="middle" className="fill-muted text-[11px]">
            {yLabel}
          </text>
          {children(x, y)}
        </svg>
      </div>
    </ChartFrame>
  );
}

/** Ticks of one axis with as many digits behind the point as the longest of them: 0.970, 0.975, 0.980. */
function sameDigits(ticks: readonly number[]): (tick: number) => string {
  const digits = ticks.map((tick) => /^-?\d+\.?(\d*)$/.exec(String(tick))?.[1]?.length ?? null);
  const most = digits.reduce<number | null>((so, one) => (so === null || one === null ? null : Math.max(so, one)), 0);
  if (most === null || most === 0) return formatNumber;
  const format = (FORMATS[most] ??= new Intl.NumberFormat(undefined, { minimumFractionDigits: most, maximumFractionDigits: most }));
  return (tick) => format.format(tick);
}

/** By their digits; charts of live jobs are drawn often. */
const FORMATS: Intl.NumberFormat[] = [];
