// A person's own limits as an administrator types them: blank is the server's setting.
import type { SetUserQuotaInput } from '../../gql/graphql';
import { parseNumber } from '../models/predictRow';
import type { QuotaName } from '../quotas/words';

export type QuotaDraft = Readonly<Record<QuotaName, string>>;
export type Limits = Readonly<Record<QuotaName, number | null>>;

/** In what a limit is typed, how much of the stored unit that is, and what it must be at least and at most in the stored unit. */
export const QUOTA_FIELDS: Record<QuotaName, { label: string; unit: number; least: number; most: number }> = {
  unfinishedJobs: { label: 'Jobs at a time', unit: 1, least: 0, most: 2_147_483_647 },
  jobsPerDay: { label: 'Jobs a day', unit: 1, least: 0, most: 2_147_483_647 },
  computeSecondsPerDay: { label: 'Computing a day, in minutes', unit: 60, least: 0, most: Number.MAX_SAFE_INTEGER },
  storedBytes: { label: 'Stored files, in GB', unit: 1e9, least: 0, most: Number.MAX_SAFE_INTEGER },
  jobBudgetSeconds: { label: 'Time budget of one job, in minutes', unit: 60, least: 10, most: 2_147_483_647 },
};

export const QUOTA_NAMES = Object.keys(QUOTA_FIELDS) as QuotaName[];

/** What stands in the form at first: limits that are the server's are blank. */
export function draftOf(own: Limits, server: Limits): QuotaDraft {
  const typed = (name: QuotaName) => {
    const limit = own[name];
    return limit === null || limit === server[name] ? '' : String(limit / QUOTA_FIELDS[name].unit);
  };
  return Object.fromEntries(QUOTA_NAMES.map((name) => [name, typed(name)])) as QuotaDraft;
}

/** What is wrong with a limit as typed, or null. */
export function refuseLimit(name: QuotaName, text: string): string | null {
  if (text.trim() === '') return null;
  const { unit, least, most } = QUOTA_FIELDS[name];
  const number = parseNumber(text);
  if (number === null) return 'This is no number. Leave it blank for the server’s setting.';
  if (unit === 1 && !Number.isInteger(number)) return 'A whole number.';
  if (number * unit < least) return least === 0 ? 'Not below 0.' : `At least ${least} seconds.`;
  return number * unit > most ? 'This is too much.' : null;
}

/** What differs from before: a number in the stored unit, null for the server's setting; null where something is wrong. */
export function changesOf(before: QuotaDraft, typed: QuotaDraft): Omit<SetUserQuotaInput, 'userId' | 'reason'> | null {
  const changes: Partial<Record<QuotaName, number | null>> = {};
  for (const name of QUOTA_NAMES) {
    const text = typed[name].trim();
    if (refuseLimit(name, text) !== null) return null;
    if (text === before[name]) continue;
    const number = parseNumber(text);
    changes[name] = number === null ? null : Math.round(number * QUOTA_FIELDS[name].unit);
  }
  return changes;
}
