import { useId, useRef, type ReactNode } from 'react';
import { Button } from './Button';
import type { ButtonLook } from './buttonStyle';

type ConfirmButtonProps = {
  look?: ButtonLook;
  size?: 'small' | 'medium';
  busy?: boolean;
  disabled?: boolean;
  children: ReactNode;
  ariaLabel?: string;
  /** What is asked, what follows from it, and the word on the button that does it. */
  question: string;
  consequence: string;
  verb: string;
  onConfirm: () => void;
};

/** A button whose action loses something: asks first. The browser's own dialog keeps the focus inside and closes on Escape. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  return (
    <>
      <Button look={props.look} size={props.size} busy={props.busy} disabled={props.disabled} aria-label={props.ariaLabel} aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        {props.children}
      </Button>
      <dialog
        ref={dialog}
        role="alertdialog"
        aria-labelledby={`${id}-question`}
        aria-describedby={`${id}-consequence`}
        className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-panel p-6 text-ink shadow-xl backdrop:bg-[#0009]"
      >
        <h2 id={`${id}-question`} className="text-lg font-semibold break-words">
          {props.question}
        </h2>
        <p id={`${id}-consequence`} className="mt-2 text-muted">
          {props.consequence}
        </p>
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button onClick={() => dialog.current?.close()}>Keep it</Button>
          <Button
            look="danger"
            onClick={() => {
              dialog.current?.close();
              props.onConfirm();
            }}
          >
            {props.verb}
          </Button>
        </div>
      </dialog>
    </>
  );
}
