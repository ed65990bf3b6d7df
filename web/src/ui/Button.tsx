import type { ComponentProps } from 'react';
import { buttonClass, type ButtonLook } from './buttonStyle';

type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & {
  look?: ButtonLook;
  size?: 'small' | 'medium' | 'large';
  /** Says that the action is under way, and keeps the button from a second press. */
  busy?: boolean;
};

export function Button({ look, size, busy = false, disabled, type = 'button', children, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} disabled={disabled || busy} aria-busy={busy || undefined} className={buttonClass(look, size)}>
      {busy ? <span aria-hidden className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent" /> : null}
      {children}
    </button>
  );
}
