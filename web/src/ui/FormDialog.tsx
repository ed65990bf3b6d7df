import { useId, useRef, useState, type ReactNode } from 'react';
import { Button } from './Button';
import type { ButtonLook } from './buttonStyle';
import { Callout } from './Callout';

type FormDialogProps = {
  look?: ButtonLook;
  size?: 'small' | 'medium';
  disabled?: boolean;
  /** What the button says, and what the dialog asks. */
  button: ReactNode;
  /** What screen readers call the button where several of them say the same. */
  ariaLabel?: string;
  title: string;
  /** The word on the button that does it. */
  verb: string;
  ready?: boolean;
  children: ReactNode;
  onOpen?: () => void;
  /** What went wrong, in words; null when it is done; false when it is not, and a field of the form says why. */
  onSubmit: () => Promise<string | null | false>;
};

/** A button that opens a small form. The browser's own dialog keeps the focus inside and closes on Escape. */
export function FormDialog(props: FormDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const submit = async () => {
    setBusy(true);
    const refused = await props.onSubmit();
    setBusy(false);
    setFailure(refused === false ? null : refused);
    if (refused === null) dialog.current?.close();
  };
  return (
    <>
      <Button
        look={props.look}
        size={props.size}
        disabled={props.disabled}
        aria-label={props.ariaLabel}
        aria-haspopup="dialog"
        onClick={() => {
          setFailure(null);
          props.onOpen?.();
          dialog.current?.showModal();
        }}
      >
        {props.button}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={`${id}-title`}
        className="m-auto w-[min(32rem,calc(100vw-2rem))] rounded-2xl border border-line bg-panel p-6 text-ink shadow-xl backdrop:bg-[#0009]"
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <h2 id={`${id}-title`} className="text-lg font-semibold break-words">
            {props.title}
          </h2>
          <div className="mt-4 space-y-4">{props.children}</div>
          {failure !== null ? (
            <div className="mt-4">
              <Callout tone="bad">{failure}</Callout>
            </div>
          ) : null}
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <Button onClick={() => dialog.current?.close()}>Close</Button>
            <Button type="submit" look="primary" busy={busy} disabled={props.ready === false}>
              {props.verb}
            </Button>
          </div>
        </form>
      </dialog>
    </>
  );
}
