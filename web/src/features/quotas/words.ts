// Limits in words: what each is about, how much of it is used, and when there is room again.
import { formatBytes, formatCount, formatDuration } from '../../lib/format';

export type QuotaName = 'unfinishedJobs' | 'jobsPerDay' | 'computeSecondsPerDay' | 'storedBytes' | 'jobBudgetSeconds';

export const QUOTAS: Record<QuotaName, { name: string; meaning: string; format: (amount: number) => string }> = {
  unfinishedJobs: { name: 'Jobs at a time', meaning: 'Jobs and predictions of files that wait or run.', format: formatCount },
  jobsPerDay: { name: 'Jobs a day', meaning: 'Jobs that begin, or begin again.', format: formatCount },
  computeSecondsPerDay: { name: 'Computing a day', meaning: 'Time that workers spend; what still runs is counted when it ends.', format: formatSpan },
  storedBytes: { name: 'Stored files', meaning: 'Tables, models and what belongs to them. Deleting makes room.', format: formatBytes },
  jobBudgetSeconds: { name: 'Time budget of one job', meaning: 'Extensions included.', format: formatSpan },
};

/** From this share on it is worth a warning. */
const SCARCE = 0.8;

type Use = { limit: number | null; used: number | null };

/** How full a limit is, 0 to 1; null where there is no limit, or nothing is used up. */
export function shareOf({ limit, used }: Use): number | null {
  if (limit === null || used === null) return null;
  return limit === 0 ? 1 : Math.min(1, used / limit);
}

/** How much is used of how much, in words. */
export function usedWords(name: QuotaName, { limit, used }: Use): string {
  const { format } = QUOTAS[name];
  if (used === null) return limit === null ? 'no limit' : `at most ${format(limit)}`;
  return limit === null ? `${format(used)} used, no limit` : `${format(used)} of ${format(limit)}`;
}

/** Whether a limit is nearly or wholly used up. */
export function toneOf(use: Use): 'plain' | 'scarce' | 'full' {
  const share = shareOf(use);
  if (share === null || share < SCARCE) return 'plain';
  return share < 1 ? 'scarce' : 'full';
}

/** When what is used is forgotten: "anew in 3 h 10 min". Both in milliseconds since the epoch; null where it is not, or has been. */
export function resetWords(resetsAt: string | null, now: number): string | null {
  if (resetsAt === null) return null;
  const seconds = (Date.parse(resetsAt) - now) / 1000;
  return seconds > 0 ? `begins anew in ${formatDuration(Math.max(60, Math.round(seconds / 60) * 60))}` : null;
}

/** Spans of hours and days are not told to the second. */
function formatSpan(seconds: number): string {
  return formatDuration(seconds < 600 ? Math.round(seconds) : Math.round(seconds / 60) * 60);
}
