import type { ReactNode } from 'react';

/** A named value inside a `<dl>`. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="tabular font-medium break-words">{children}</dd>
    </div>
  );
}
