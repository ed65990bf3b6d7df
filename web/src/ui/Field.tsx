import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';
import { Select } from './Select';

const BOX = 'w-full min-h-10 rounded-lg border border-edge bg-panel px-3 text-ink placeholder:text-muted aria-invalid:border-bad';

type FieldProps = { label: ReactNode; hint?: ReactNode; error?: string | null };

function Described({ id, label, hint, error, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium wrap-anywhere">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-error`} className="mt-1 text-xs text-bad">
          {error}
        </p>
      ) : null}
      {hint ? (
        <p id={`${id}-hint`} className="mt-1 text-xs text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

function describedBy(id: string, hint: ReactNode, error: string | null | undefined): string | undefined {
  const ids = [error ? `${id}-error` : null, hint ? `${id}-hint` : null].filter(Boolean).join(' ');
  return ids === '' ? undefined : ids;
}

/** A labelled line of text, with a hint and an error that screen readers read with it. */
export function TextInput({ label, hint, error, ...input }: FieldProps & Omit<ComponentProps<'input'>, 'id' | 'className'>) {
  const id = useId();
  return (
    <Described id={id} label={label} hint={hint} error={error}>
      <input {...input} id={id} aria-invalid={error ? true : undefined} aria-describedby={describedBy(id, hint, error)} className={BOX} />
    </Described>
  );
}

/** A labelled native select. */
export function SelectInput({ label, hint, error, children, ...select }: FieldProps & Omit<ComponentProps<typeof Select>, 'id' | 'size'>) {
  const id = useId();
  return (
    <Described id={id} label={label} hint={hint} error={error}>
      <Select {...select} id={id} aria-invalid={error ? true : undefined} aria-describedby={describedBy(id, hint, error)}>
        {children}
      </Select>
    </Described>
  );
}
