import { useEffect } from 'react';

/** Names the tab after the page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'AutoML Lite' : `${title} · AutoML Lite`;
  }, [title]);
}
