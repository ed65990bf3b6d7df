import { useEffect, useRef, type ReactNode } from 'react';

type ScrollLineProps = { label: string; /** Where one is; that link is brought into sight. */ here: string; className: string; children: ReactNode };

/** Links in one line, which scrolls where it is longer than the screen. */
export function ScrollLine({ label, here, className, children }: ScrollLineProps) {
  const line = useRef<HTMLElement>(null);
  useEffect(() => {
    const bar = line.current;
    if (!bar) return;
    const show = () => {
      const link = bar.querySelector<HTMLElement>('[aria-current]');
      if (link) bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
    };
    show();
    // A link may come later, once it is known that one may follow it.
    const observer = new MutationObserver(show);
    observer.observe(bar, { childList: true });
    return () => observer.disconnect();
  }, [here]);
  return (
    <nav ref={line} aria-label={label} className={`relative flex overflow-x-auto ${className}`}>
      {children}
    </nav>
  );
}
