import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DoorPage } from '../features/session/DoorPage';
import { PasswordField } from '../features/session/PasswordField';
import { faultOf } from '../features/session/passwords';
import { useDoor } from '../features/session/useDoor';
import { graphql } from '../gql';
import { Button } from '../ui/Button';
import { TextInput } from '../ui/Field';

const SignUp = graphql(`
  mutation SignUp($input: SignUpInput!) {
    signUp(input: $input) {
      accepted
      userErrors {
        message
      }
    }
  }
`);

/** An account of one's own, where the server takes strangers in. */
export function SignUpPage() {
  const { ask, busy, failure } = useDoor(SignUp);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const submit = async () => {
    const address = email.trim();
    const answer = await ask({ input: { name: name.trim(), email: address, password } }, (data) => data.signUp);
    if (answer?.accepted) setSentTo(address);
  };
  if (sentTo !== null) {
    return (
      <DoorPage title="Look at your mail">
        <p>
          A mail is on its way to <strong className="font-medium break-all">{sentTo}</strong>. Its link is good for 24 hours and confirms that the address is yours; then you can{' '}
          <Link to="/sign-in" className="text-accent underline">
            sign in
          </Link>
          .
        </p>
      </DoorPage>
    );
  }
  return (
    <DoorPage
      title="Create an account"
      failure={failure}
      below={
        <p>
          You have one?{' '}
          <Link to="/sign-in" className="text-accent underline">
            Sign in
          </Link>
        </p>
      }
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextInput label="Name" autoComplete="name" required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
        <TextInput label="E-mail address" type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />
        <PasswordField label="Password" value={password} onChange={setPassword} />
        <Button type="submit" look="primary" busy={busy} disabled={faultOf(password) !== null}>
          Create the account
        </Button>
      </form>
    </DoorPage>
  );
}
