// Which jobs are compared, as it stands in the URL.

export const FEWEST = 2;
export const MOST = 10;

/** `only`: lines that are the same for all are hidden. */
export type CompareSearch = { jobs: string[]; only?: 'differences' };

/** Ids from a URL's parameters: each once, at most ten. */
export function readCompare(search: Record<string, unknown>): CompareSearch {
  const named = Array.isArray(search.jobs) ? search.jobs : [search.jobs];
  const ids = named.filter((id): id is string => typeof id === 'string' && id !== '');
  const jobs = [...new Set(ids)].slice(0, MOST);
  return search.only === 'differences' ? { jobs, only: 'differences' } : { jobs };
}
