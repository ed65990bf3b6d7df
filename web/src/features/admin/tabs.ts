// The parts of the administration, as they stand in the URL.

export const TABS = { queue: 'Queue and workers', people: 'People', audit: 'Audit log' } as const;
export type Tab = keyof typeof TABS;
export type AdminSearch = { tab?: Tab; text?: string };

/** A URL's parameters; the queue comes first. */
export function readAdmin(search: Record<string, unknown>): AdminSearch {
  const read: AdminSearch = {};
  if (typeof search.tab === 'string' && search.tab !== 'queue' && Object.hasOwn(TABS, search.tab)) read.tab = search.tab as Tab;
  const text = typeof search.text === 'string' || typeof search.text === 'number' ? String(search.text).trim().slice(0, 200) : '';
  if (text !== '') read.text = text;
  return read;
}
