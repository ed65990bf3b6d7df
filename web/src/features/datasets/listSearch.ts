// The list of datasets as it stands in the URL, and what the server is asked for by it.
import type { DatasetFilter, DatasetOrder } from '../../gql/graphql';

export type DatasetSort = 'newest' | 'oldest' | 'name' | 'rows' | 'size';

/** What is left out is not filtered by; the newest come first. */
export type DatasetListSearch = { text?: string; sort?: DatasetSort };

export const DATASET_SORTS: Record<DatasetSort, { name: string; order: DatasetOrder }> = {
  newest: { name: 'Newest first', order: { field: 'CREATED_AT', direction: 'DESC' } },
  oldest: { name: 'Oldest first', order: { field: 'CREATED_AT', direction: 'ASC' } },
  name: { name: 'By name', order: { field: 'NAME', direction: 'ASC' } },
  rows: { name: 'Most rows first', order: { field: 'ROWS', direction: 'DESC' } },
  size: { name: 'Largest file first', order: { field: 'SIZE_BYTES', direction: 'DESC' } },
};

/** The longest text that the server searches for. */
const LONGEST_TEXT = 200;

/** A URL's parameters; whatever is none of them is dropped. */
export function readDatasetList(search: Record<string, unknown>): DatasetListSearch {
  const read: DatasetListSearch = {};
  // A number in a URL is read as one.
  const text = typeof search.text === 'string' || typeof search.text === 'number' ? String(search.text).slice(0, LONGEST_TEXT) : '';
  if (text.trim() !== '') read.text = text;
  if (typeof search.sort === 'string' && Object.hasOwn(DATASET_SORTS, search.sort) && search.sort !== 'newest') read.sort = search.sort as DatasetSort;
  return read;
}

/** What the server is asked for. */
export function datasetVariables({ text, sort }: DatasetListSearch): { filter: DatasetFilter | null; orderBy: DatasetOrder } {
  return { filter: text === undefined ? null : { text: text.trim() }, orderBy: DATASET_SORTS[sort ?? 'newest'].order };
}
