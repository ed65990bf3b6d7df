import { useCallback, useState } from 'react';

/**
 * A ref callback, the width of the element it is put on, and how many pixels a unit of that width has: one, but more where the letters
 * of the page are larger, so that what is drawn grows with them.
 */
export function useWidth(initial: number): [attach: (element: HTMLElement | null) => (() => void) | undefined, width: number, unit: number] {
  const [{ width, unit }, setPlace] = useState({ width: initial, unit: 1 });
  const attach = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver((entries) => {
      const seen = entries[0]?.contentRect.width;
      if (!seen) return;
      const pixels = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
      setPlace({ width: Math.round(seen / pixels), unit: pixels });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [attach, width, unit];
}
