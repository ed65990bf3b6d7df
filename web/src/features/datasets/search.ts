// What of a dataset's page, and of the one behind it, stands in the URL: the column to predict, and roles that were changed.
import { readRolesText } from './overrides';

export type DatasetSearch = { target?: string; roles?: string };

/** A URL's parameters; whatever is none of them is dropped. */
export function readDatasetSearch(search: Record<string, unknown>): DatasetSearch {
  const read: DatasetSearch = {};
  // A name that is a number is read as one.
  if (typeof search.target === 'string' || typeof search.target === 'number') read.target = String(search.target);
  const roles = readRolesText(search.roles);
  if (roles !== undefined) read.roles = roles;
  return read;
}
