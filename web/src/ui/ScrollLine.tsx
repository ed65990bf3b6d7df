import { useEffect, useRef, type ReactNode } from 'react';

type ScrollLineProps = { label: string; /** Where one is; that link is brought into sight. */ here: string; className: string; children: ReactNode };

/** Links in one line, which scrolls where it is longer than the screen. */
export function ScrollLine({ label, here, className, children }: ScrollLineProps) {
  const line = useRef<HTMLElement>(null);
  useEffect(() => {
    const bar = line.current;
    const link = bar?.querySelector<HTMLElement>('[aria-current]');
    if (bar && link) bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
  }, [here]);
  return (
    <nav ref={line} aria-label={label} className={`relative flex overflow-x-auto ${className}`}>
      {children}
    </nav>
  );
}
