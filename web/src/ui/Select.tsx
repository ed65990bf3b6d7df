import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';

type SelectProps = Omit<ComponentProps<'select'>, 'className' | 'size'> & { size?: 'small' | 'medium' };

/** A native select that looks like the other boxes in every browser; its caller names it. The system's own list is best on phones. */
export function Select({ size = 'medium', children, ...select }: SelectProps) {
  const small = size === 'small';
  return (
    <span className={`relative min-w-0 ${small ? 'inline-block max-w-full' : 'block'}`}>
      <select
        {...select}
        className={`appearance-none truncate rounded-lg border border-edge bg-panel text-ink aria-invalid:border-bad disabled:opacity-50 ${
          small ? 'min-h-8 max-w-full pr-7 pl-2.5 text-xs' : 'min-h-10 w-full pr-9 pl-3'
        }`}
      >
        {children}
      </select>
      <ChevronDown aria-hidden className={`pointer-events-none absolute inset-y-0 my-auto text-muted ${small ? 'right-2 size-3.5' : 'right-3 size-4'}`} />
    </span>
  );
}
