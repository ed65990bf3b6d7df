import { Children, startTransition, useEffect, useState, type ReactNode } from 'react';

// Only the first page of a visit is slow: the browser has compiled nothing yet. On a reload, what was scrolled to has to be there.
const isFresh = performance.getEntriesByType('navigation').every((entry) => (entry as PerformanceNavigationTiming).type === 'navigate');
let firstPath = isFresh ? window.location.pathname : null;

function isFirstPage(): boolean {
  if (window.location.pathname !== firstPath) firstPath = null;
  return firstPath !== null;
}

/** In one column nothing that is seen moves when something is added below it; in several it would. */
function isNarrow(): boolean {
  return window.matchMedia('(max-width: 1023px)').matches;
}

/**
 * What stands below the first screen of a telephone, drawn one after the other once that screen is there: drawn at once, a long page
 * answers to no finger for half a second. `first` of them come with the page.
 */
export function InSteps({ first = 0, children }: { first?: number; children: ReactNode }) {
  const all = Children.toArray(children);
  const [shown, setShown] = useState(() => (isFirstPage() && isNarrow() ? first : Infinity));
  const isWhole = shown >= all.length;
  useEffect(() => {
    if (isWhole) return;
    const next = () => startTransition(() => setShown((before) => before + 1));
    // Safari knows no idle time.
    if (!window.requestIdleCallback) {
      const timer = window.setTimeout(next, 50);
      return () => window.clearTimeout(timer);
    }
    const idle = window.requestIdleCallback(next, { timeout: 500 });
    return () => window.cancelIdleCallback(idle);
  }, [isWhole, shown]);
  return all.slice(0, shown);
}
