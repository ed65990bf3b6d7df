import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import type { ReactNode } from 'react';
import { Button } from './Button';
import type { ButtonLook } from './buttonStyle';

type ConfirmButtonProps = {
  look?: ButtonLook;
  size?: 'small' | 'medium';
  busy?: boolean;
  isDisabled?: boolean;
  children: ReactNode;
  ariaLabel?: string;
  /** What is asked, what follows from it, and the word on the button that does it. */
  question: string;
  consequence: string;
  verb: string;
  onConfirm: () => void;
};

/** A button whose action loses something: asks first. */
export function ConfirmButton(props: ConfirmButtonProps) {
  return (
    <DialogTrigger>
      <Button look={props.look} size={props.size} busy={props.busy} isDisabled={props.isDisabled} aria-label={props.ariaLabel}>
        {props.children}
      </Button>
      <ModalOverlay isDismissable className="fixed inset-0 z-20 grid place-items-center bg-[#0009] p-4">
        <Modal className="w-full max-w-md rounded-2xl border border-line bg-panel p-6 shadow-xl">
          <Dialog role="alertdialog" className="outline-none">
            {({ close }) => (
              <>
                <Heading slot="title" className="text-lg font-semibold break-words">
                  {props.question}
                </Heading>
                <p className="mt-2 text-muted">{props.consequence}</p>
                <div className="mt-6 flex flex-wrap justify-end gap-2">
                  <Button onPress={close}>Keep it</Button>
                  <Button
                    look="danger"
                    onPress={() => {
                      close();
                      props.onConfirm();
                    }}
                  >
                    {props.verb}
                  </Button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
