import { useEffect, useRef } from 'react';

/** How long typing rests before it is passed on. */
const REST_MILLISECONDS = 250;

/** Passes a typed text on when typing rests and it differs from the one that stands already. */
export function useSettled(typed: string, standing: string, onSettled: (text: string) => void) {
  const settled = useRef(onSettled);
  useEffect(() => {
    settled.current = onSettled;
  });
  useEffect(() => {
    if (typed === standing) return;
    const timer = setTimeout(() => settled.current(typed), REST_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [typed, standing]);
}
