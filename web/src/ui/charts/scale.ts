// Straight-line scales and round tick values for the charts.

export type Scale = { (value: number): number; domain: readonly [number, number] };

/** Maps `domain` to `range`; a domain of one point maps to the middle. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [low, high] = domain;
  const [start, end] = range;
  const map = (value: number) => (high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start));
  return Object.assign(map, { domain });
}

/** About `count` round values inside the domain: steps of 1, 2 or 5 times a power of ten, whichever is nearest to what is wanted. */
export function roundTicks([low, high]: readonly [number, number], count: number): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high) || high <= low || count < 1) return Number.isFinite(low) ? [low] : [];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const multiple = rough / power;
  // Nearest by ratio: between two steps the border is their geometric mean.
  const step = (multiple >= Math.sqrt(50) ? 10 : multiple >= Math.sqrt(10) ? 5 : multiple >= Math.sqrt(2) ? 2 : 1) * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) {
    // Rounded to the step's own digits, so that 0.30000000000000004 never shows.
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** The smallest interval that holds all finite values, widened by `margin` (a share of its length) on both sides. */
export function extentOf(values: readonly number[], margin = 0): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const room = high === low ? Math.max(Math.abs(low) * 0.05, 1e-6) : (high - low) * margin;
  return [low - room, high + room];
}
