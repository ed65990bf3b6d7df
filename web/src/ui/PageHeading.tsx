import type { ReactNode } from 'react';
import { useTitle } from '../lib/useTitle';

type PageHeadingProps = {
  title: string;
  tabTitle?: string;
  above?: ReactNode;
  beside?: ReactNode;
  /** Takes the place of the title, for instance while that is changed. */
  instead?: ReactNode;
  children?: ReactNode;
};

/** The one h1 of a page; names the browser's tab as well. */
export function PageHeading({ title, tabTitle, above, beside, instead, children }: PageHeadingProps) {
  useTitle(tabTitle ?? title);
  return (
    <header className="flex flex-wrap items-end justify-between gap-4">
      <div className="min-w-0">
        {above ? <div className="mb-1 text-muted">{above}</div> : null}
        <h1 className={instead ? 'sr-only' : 'text-2xl font-semibold tracking-tight break-words'}>{title}</h1>
        {instead}
        {children ? <div className="mt-1.5 text-muted">{children}</div> : null}
      </div>
      {beside ? <div className="flex flex-wrap gap-2">{beside}</div> : null}
    </header>
  );
}
