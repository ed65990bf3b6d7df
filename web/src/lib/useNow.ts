import { useEffect, useState } from 'react';

/** The time in milliseconds since the epoch, renewed every `period` milliseconds while `active`. */
export function useNow(period: number, active = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), period);
    return () => clearInterval(timer);
  }, [period, active]);
  return now;
}
