// The parts of the settings, as they stand in the URL.

export const PARTS = { account: 'Account', programs: 'Programs', limits: 'Limits and use' } as const;
export type Part = keyof typeof PARTS;
export type SettingsSearch = { part?: Part };

/** A URL's parameters; the account comes first, and what is no part is dropped. */
export function readSettings(search: Record<string, unknown>): SettingsSearch {
  const { part } = search;
  return typeof part === 'string' && part !== 'account' && Object.hasOwn(PARTS, part) ? { part: part as Part } : {};
}
