import type { ReactNode } from 'react';

/** A named value inside a `<dl>`; a wide one takes a whole line of its grid. */
export function Fact({ name, wide = false, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={`min-w-0 ${wide ? 'col-span-full' : ''}`}>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="tabular font-medium break-words">{children}</dd>
    </div>
  );
}
