// What a job's computing has cost, in words.
import { formatDuration } from '../../lib/format';

export type Cost = { computeSeconds: number; amount: number | null; currency: string | null };

/** A sum of money; small ones are not rounded away. A currency that is no code of the standard stands behind the number. */
export function formatAmount(amount: number, currency: string | null): string {
  const digits = amount > 0 && amount < 0.1 ? 4 : 2;
  const plain = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: digits }).format(amount);
  if (currency === null) return plain;
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: digits }).format(amount);
  } catch {
    return `${plain} ${currency}`;
  }
}

/** "12 min 4 s", with its price where the server knows one. */
export function costWords({ computeSeconds, amount, currency }: Cost): string {
  const time = formatDuration(computeSeconds);
  return amount === null ? time : `${time}, ${formatAmount(amount, currency)}`;
}
