import { TextInput } from '../../ui/Field';
import { faultOf, PASSWORD_HINT } from './passwords';

type PasswordFieldProps = { label: string; value: string; onChange: (password: string) => void };

/** A new password. */
export function PasswordField({ label, value, onChange }: PasswordFieldProps) {
  return (
    <TextInput
      label={label}
      type="password"
      autoComplete="new-password"
      required
      hint={PASSWORD_HINT}
      error={faultOf(value)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
