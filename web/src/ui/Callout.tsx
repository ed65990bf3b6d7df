import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

type CalloutTone = 'info' | 'good' | 'warn' | 'bad';

const TONES: Record<CalloutTone, { ground: string; icon: typeof Info }> = {
  info: { ground: 'bg-accent-soft [&>svg]:text-accent', icon: Info },
  good: { ground: 'bg-good-soft [&>svg]:text-good', icon: CircleCheck },
  warn: { ground: 'bg-warn-soft [&>svg]:text-warn', icon: TriangleAlert },
  bad: { ground: 'bg-bad-soft [&>svg]:text-bad', icon: CircleAlert },
};

type CalloutProps = { tone?: CalloutTone; title?: ReactNode; children?: ReactNode; action?: ReactNode };

/** A message in the flow of the page. Bad news is announced to screen readers at once. */
export function Callout({ tone = 'info', title, children, action }: CalloutProps) {
  const { ground, icon: Icon } = TONES[tone];
  return (
    <div role={tone === 'bad' ? 'alert' : undefined} className={`flex flex-wrap items-start gap-3 rounded-xl p-3 sm:flex-nowrap ${ground}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 basis-40 break-words sm:basis-0">
        {title ? <p className="font-medium">{title}</p> : null}
        {children}
      </div>
      {action}
    </div>
  );
}
