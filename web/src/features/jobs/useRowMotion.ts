import { useLayoutEffect, useRef } from 'react';

/** Pixels beyond which nobody follows a row with their eyes: it is there at once. */
const FARTHEST = 1500;

/**
 * Rows that change their place glide there instead of jumping. Put the returned ref on the body of a table whose rows carry `data-row`;
 * `order` is any value that changes when the order may have changed. Not for a list that nobody else changes: to ask where rows are
 * makes the browser lay the whole page out, between a key and its picture.
 */
export function useRowMotion(order: string, isLive: boolean) {
  const body = useRef<HTMLTableSectionElement>(null);
  const places = useRef(new Map<string, number>());

  useLayoutEffect(() => {
    if (!isLive) {
      places.current = new Map();
      return;
    }
    const rows = body.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const before = places.current;
    const after = new Map<string, number>();
    for (const row of rows) {
      const key = row.dataset.row ?? '';
      const place = row.offsetTop;
      after.set(key, place);
      const previous = before.get(key);
      if (still || previous === undefined || previous === place || Math.abs(previous - place) > FARTHEST) continue;
      row.animate([{ transform: `translateY(${previous - place}px)` }, { transform: 'none' }], { duration: 350, easing: 'ease-out' });
    }
    places.current = after;
  }, [order, isLive]);

  return body;
}
