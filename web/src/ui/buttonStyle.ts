// The look of buttons, shared by real buttons and by links that look like one.
export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'faint' | 'remove' | 'danger';

const LOOKS: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover border-transparent',
  plain: 'bg-panel text-ink border-line hover:border-edge hover:bg-sunken',
  quiet: 'bg-transparent text-accent border-transparent hover:bg-accent-soft',
  /** What stands beside many things alike and is seldom wanted. */
  faint: 'bg-transparent text-muted border-transparent hover:bg-sunken hover:text-ink',
  /** The same for what takes something away: red only under the hand, as it asks before it acts. */
  remove: 'bg-transparent text-muted border-transparent hover:bg-bad-soft hover:text-bad',
  danger: 'bg-panel text-bad border-line hover:border-bad hover:bg-bad-soft',
};

export function buttonClass(look: ButtonLook = 'plain', size: 'small' | 'medium' | 'large' = 'medium'): string {
  const sizes = { small: 'min-h-8 px-2.5 text-xs', medium: 'min-h-10 px-4 text-sm', large: 'min-h-12 px-6 text-base' };
  return `inline-flex items-center justify-center gap-2 rounded-lg border font-medium transition-colors select-none
    disabled:cursor-not-allowed disabled:opacity-50 ${sizes[size]} ${LOOKS[look]}`;
}
