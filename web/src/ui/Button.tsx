import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import type { ReactNode } from 'react';
import { buttonClass, type ButtonLook } from './buttonStyle';

type ButtonProps = Omit<AriaButtonProps, 'className' | 'children'> & {
  look?: ButtonLook;
  size?: 'small' | 'medium' | 'large';
  /** Says that the action is under way, and keeps the button from a second press. */
  busy?: boolean;
  children: ReactNode;
};

export function Button({ look, size, busy = false, isDisabled, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} isDisabled={isDisabled || busy} className={buttonClass(look, size)}>
      {busy ? <span aria-hidden className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent" /> : null}
      {children}
    </AriaButton>
  );
}
