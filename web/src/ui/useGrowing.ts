import { useEffect, useRef, useState } from 'react';

/** Rows that are drawn at once, and that are added each time their end comes near. */
const STEP = 60;
const NEAR = '600px';

/**
 * For lists of thousands: how many rows to draw. Put the returned ref on an element behind the last row; more are drawn as soon as that
 * comes near the screen. `subject` is any value that changes when it is another list, which then begins at its top.
 */
export function useGrowing(total: number, subject: string) {
  const [drawn, setDrawn] = useState({ subject, count: STEP });
  if (drawn.subject !== subject) setDrawn({ subject, count: STEP });
  const count = Math.min(total, drawn.count);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = end.current;
    if (!element || count >= total) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setDrawn((before) => ({ ...before, count: before.count + STEP }));
      },
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [count, total, subject]);
  return { count, end };
}
