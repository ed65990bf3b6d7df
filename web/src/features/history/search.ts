// The history's filters as they stand in the URL, and what the server is asked for by them.
import type { JobFilter, JobOrder, JobState, ProblemType } from '../../gql/graphql';

export type Sort = 'newest' | 'oldest' | 'ended' | 'name' | 'best' | 'worst';

/** What is left out is not filtered by; the newest come first. */
export type HistorySearch = { text?: string; state?: JobState[]; problem?: ProblemType; tag?: string; sort?: Sort };

export const SORTS: Record<Sort, { name: string; order: JobOrder }> = {
  newest: { name: 'Newest first', order: { field: 'CREATED_AT', direction: 'DESC' } },
  oldest: { name: 'Oldest first', order: { field: 'CREATED_AT', direction: 'ASC' } },
  ended: { name: 'Ended last first', order: { field: 'FINISHED_AT', direction: 'DESC' } },
  name: { name: 'By name', order: { field: 'NAME', direction: 'ASC' } },
  best: { name: 'Highest score first', order: { field: 'SCORE', direction: 'DESC' } },
  worst: { name: 'Lowest score first', order: { field: 'SCORE', direction: 'ASC' } },
};

export const STATES: readonly JobState[] = ['QUEUED', 'RUNNING', 'FINISHING', 'COMPLETED', 'FAILED', 'CANCELLING', 'CANCELLED'];
const PROBLEM_TYPES: readonly ProblemType[] = ['BINARY', 'MULTICLASS', 'REGRESSION'];

/** The longest text that the server searches for, and the longest tag. */
const LONGEST_TEXT = 200;
const LONGEST_TAG = 50;

/** A URL's parameters as filters; whatever is none of them is dropped, so that an old or a mended link still opens. */
export function readSearch(search: Record<string, unknown>): HistorySearch {
  const read: HistorySearch = {};
  const text = words(search.text, LONGEST_TEXT);
  if (text !== null) read.text = text;
  const named = Array.isArray(search.state) ? search.state : [search.state];
  const states = STATES.filter((state) => named.includes(state));
  if (states.length > 0) read.state = states;
  const problem = PROBLEM_TYPES.find((one) => one === search.problem);
  if (problem) read.problem = problem;
  const tag = words(search.tag, LONGEST_TAG);
  if (tag !== null) read.tag = tag;
  if (typeof search.sort === 'string' && Object.hasOwn(SORTS, search.sort) && search.sort !== 'newest') read.sort = search.sort as Sort;
  return read;
}

// A number in a URL is read as one.
function words(value: unknown, longest: number): string | null {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, longest) : '';
  return text.trim() === '' ? null : text;
}

/** What the server is asked for. */
export function variablesOf(search: HistorySearch): { filter: JobFilter | null; orderBy: JobOrder } {
  const filter: JobFilter = {};
  if (search.text !== undefined) filter.text = search.text.trim();
  if (search.state) filter.state = search.state;
  if (search.problem) filter.problem = search.problem;
  if (search.tag !== undefined) filter.tag = search.tag.trim();
  return { filter: isFiltered(search) ? filter : null, orderBy: SORTS[search.sort ?? 'newest'].order };
}

/** Whether anything is left out of the list. */
export function isFiltered({ text, state, problem, tag }: HistorySearch): boolean {
  return text !== undefined || state !== undefined || problem !== undefined || tag !== undefined;
}
