// What became of several jobs at once.
import { formatCounted } from '../../lib/format';

export type Outcome = { jobId: string; userErrors: readonly { message: string }[] };

/** Jobs that one request may name. */
const MOST = 100;

/** Ids in parts that one request may name. */
export function inBatches(ids: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let start = 0; start < ids.length; start += MOST) batches.push(ids.slice(start, start + MOST));
  return batches;
}

/** What was refused, each reason once with the number of jobs; null where all was done. */
export function toldOf(outcomes: readonly Outcome[]): string | null {
  const counts = new Map<string, number>();
  for (const { userErrors } of outcomes) {
    for (const { message } of userErrors) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  return [...counts].map(([message, count]) => (outcomes.length > 1 ? `${formatCounted(count, 'job')}: ${message}` : message)).join(' ');
}
