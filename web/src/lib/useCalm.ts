import { useDeferredValue } from 'react';

/**
 * An answer that the page takes in between two pictures: what is drawn from it is drawn in small steps, so that a slow machine goes on
 * scrolling and typing meanwhile. For the queries that a whole page is made of. What it tells is of one moment.
 */
export function useCalm<Result extends { data?: unknown; loading: boolean; error?: unknown }>(result: Result): Result {
  const data = useDeferredValue(result.data);
  const loading = useDeferredValue(result.loading);
  const error = useDeferredValue(result.error);
  return { ...result, data, loading, error };
}
