import { useState, type ReactNode } from 'react';
import { refusalOf, type UserFailure } from '../../lib/failure';
import { TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import type { ButtonLook } from '../../ui/buttonStyle';

type ReasonDialogProps = {
  look?: ButtonLook;
  button: ReactNode;
  title: string;
  consequence: string;
  verb: string;
  disabled?: boolean;
  /** What the server has against it; undefined: it gave no answer. */
  onDo: (reason: string) => Promise<readonly UserFailure[] | undefined>;
};

/** What an administrator does to others is done for a reason, which the audit log keeps. */
export function ReasonDialog({ look, button, title, consequence, verb, disabled, onDo }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const submit = async () => {
    const refused = await refusalOf(() => onDo(reason.trim()));
    if (refused === null) setReason('');
    return refused;
  };
  return (
    <FormDialog look={look} disabled={disabled} button={button} title={title} verb={verb} ready={reason.trim() !== ''} onSubmit={submit}>
      <p className="text-muted">{consequence}</p>
      <TextInput label="Why" hint="The audit log keeps it." required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  );
}
