// Which jobs are compared, as it stands in the URL.

export const FEWEST = 2;
export const MOST = 10;

export type CompareSearch = { jobs: string[] };

/** Ids from a URL's parameters: each once, at most ten. */
export function readCompare(search: Record<string, unknown>): CompareSearch {
  const named = Array.isArray(search.jobs) ? search.jobs : [search.jobs];
  const ids = named.filter((id): id is string => typeof id === 'string' && id !== '');
  return { jobs: [...new Set(ids)].slice(0, MOST) };
}
