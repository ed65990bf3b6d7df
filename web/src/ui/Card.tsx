import { useId, type ReactNode } from 'react';

type CardProps = { title?: ReactNode; note?: ReactNode; actions?: ReactNode; children: ReactNode; className?: string };

/** A titled part of a page. */
export function Card({ title, note, actions, children, className = '' }: CardProps) {
  const id = useId();
  return (
    <section aria-labelledby={title ? id : undefined} className={`rounded-2xl border border-line bg-panel p-4 sm:p-6 ${className}`}>
      {title ? (
        <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1 basis-32">
            <h2 id={id} className="text-base font-semibold">
              {title}
            </h2>
            {note ? <p className="mt-0.5 max-w-prose text-muted">{note}</p> : null}
          </div>
          {actions}
        </div>
      ) : null}
      {children}
    </section>
  );
}
