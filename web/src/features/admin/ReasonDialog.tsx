import { useState, type ReactNode } from 'react';
import { refusalOf, type UserFailure } from '../../lib/failure';
import { TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import type { ButtonLook } from '../../ui/buttonStyle';

type ReasonDialogProps = {
  look?: ButtonLook;
  size?: 'small' | 'medium';
  button: ReactNode;
  ariaLabel?: string;
  title: string;
  consequence: string;
  verb: string;
  disabled?: boolean;
  /** What is to be chosen besides, and whether it can be done so. */
  children?: ReactNode;
  ready?: boolean;
  onOpen?: () => void;
  /** What the server has against it; undefined: it gave no answer. */
  onDo: (reason: string) => Promise<readonly UserFailure[] | undefined>;
};

/** What an administrator does to others is done for a reason, which the audit log keeps. */
export function ReasonDialog({ consequence, children, ready = true, onDo, ...dialog }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const submit = async () => {
    const refused = await refusalOf(() => onDo(reason.trim()));
    if (refused === null) setReason('');
    return refused;
  };
  return (
    <FormDialog {...dialog} ready={ready && reason.trim() !== ''} onSubmit={submit}>
      <p className="text-muted">{consequence}</p>
      {children}
      <TextInput label="Why" hint="The audit log keeps it." required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  );
}
