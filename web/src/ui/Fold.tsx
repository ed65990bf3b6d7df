import { useState, type ReactNode } from 'react';
import { Badge } from './Badge';

type FoldProps = {
  title: string;
  /** What is set inside, shortly: it is read without opening. */
  state?: ReactNode;
  isChanged?: boolean;
  /** Something inside cannot stay as it is. */
  isWrong?: boolean;
  children: ReactNode;
};

/** A part of a form that is folded away until somebody wants it; what is in it is not drawn before. */
export function Fold({ title, state, isChanged = false, isWrong = false, children }: FoldProps) {
  const [wasOpened, setOpened] = useState(false);
  return (
    <details className="rounded-2xl border border-line bg-panel" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary className="cursor-pointer rounded-2xl px-4 py-4 sm:px-6">
        <h2 className="inline font-semibold">{title}</h2>
        {state ? <span className={`ml-2 break-words ${isChanged ? 'text-accent' : 'text-muted'}`}>{state}</span> : null}
        {isWrong ? (
          <span className="ml-2">
            <Badge tone="bad">to be mended</Badge>
          </span>
        ) : null}
      </summary>
      {wasOpened ? <div className="space-y-6 border-t border-line p-4 sm:p-6">{children}</div> : null}
    </details>
  );
}
