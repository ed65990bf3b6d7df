// Numbers, sizes and times as people read them. Every function takes what it needs; none reads the clock.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
// To make one takes longer than to format a hundred numbers.
const large = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 6 });
const small = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const percents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const evenPercents = new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function formatCount(count: number): string {
  return whole.format(count);
}

/** "1 row", "2 rows": `word` in the singular. */
export function formatCounted(count: number, word: string, plural = `${word}s`): string {
  return `${formatCount(count)} ${count === 1 ? word : plural}`;
}

/** A measurement with about four significant digits, never in surprise exponents. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : 'not a number';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(2);
  return (size >= 1000 ? large : small).format(value);
}

/** A score with a fixed number of digits, so that columns line up. */
export function formatScore(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return whole.format(value);
  if (size >= 10) return value.toFixed(2);
  return value.toFixed(4);
}

/** A percentage with one digit behind the point always, so that columns line up. */
export function formatEvenPercent(share: number): string {
  return evenPercents.format(share);
}

export function formatPercent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1%';
  return percents.format(share);
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? 'B'}`;
}

/** A span of time from seconds: "40 ms", "4.2 s", "42 s", "3 min 5 s", "2 h 10 min". */
export function formatDuration(seconds: number): string {
  if (seconds <= 0) return '0 s';
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return rounded % 60 === 0 ? `${minutes} min` : `${minutes} min ${rounded % 60} s`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "just now", "5 minutes ago", else the date. Both in milliseconds since the epoch. */
export function formatAgo(then: number, now: number): string {
  const minutes = Math.round((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (minutes < 60) return relative.format(-minutes, 'minute');
  if (minutes < 60 * 24) return relative.format(-Math.round(minutes / 60), 'hour');
  return new Date(then).toLocaleDateString(undefined, { dateStyle: 'medium' });
}

/** A clause of the server as a sentence of its own. */
export function formatSentence(clause: string): string {
  const text = clause.trim();
  if (text === '') return '';
  return `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
