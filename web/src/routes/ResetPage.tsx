import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DoorPage } from '../features/session/DoorPage';
import { PasswordField } from '../features/session/PasswordField';
import { faultOf } from '../features/session/passwords';
import { useDoor } from '../features/session/useDoor';
import { useLinkToken } from '../features/session/useLinkToken';
import { graphql } from '../gql';
import { Button } from '../ui/Button';
import { TextInput } from '../ui/Field';

const RequestPasswordReset = graphql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      accepted
      userErrors {
        message
      }
    }
  }
`);

const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      changed
      userErrors {
        message
      }
    }
  }
`);

/** A lost password: asks for the mail; opened by the mail's link, takes the new password. */
export function ResetPage() {
  const token = useLinkToken();
  return token === null ? <Ask /> : <Choose token={token} />;
}

const toSignIn = (
  <Link to="/sign-in" className="text-accent underline">
    Sign in
  </Link>
);

function Ask() {
  const { ask, busy, failure } = useDoor(RequestPasswordReset);
  const [email, setEmail] = useState('');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const submit = async () => {
    const address = email.trim();
    const answer = await ask({ input: { email: address } }, (data) => data.requestPasswordReset);
    if (answer?.accepted) setSentTo(address);
  };
  if (sentTo !== null) {
    return (
      <DoorPage title="Look at your mail" below={toSignIn}>
        <p>
          If <strong className="font-medium break-all">{sentTo}</strong> has an account, a mail is on its way. Its link is good for an hour, once.
        </p>
      </DoorPage>
    );
  }
  return (
    <DoorPage title="Choose a new password" note="You get a mail with a link." failure={failure} below={toSignIn}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextInput label="E-mail address" type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />
        <Button type="submit" look="primary" busy={busy}>
          Send the mail
        </Button>
      </form>
    </DoorPage>
  );
}

function Choose({ token }: { token: string }) {
  const { ask, busy, failure } = useDoor(ResetPassword);
  const [password, setPassword] = useState('');
  const [changed, setChanged] = useState(false);
  const submit = async () => {
    const answer = await ask({ input: { token, password } }, (data) => data.resetPassword);
    if (answer?.changed) setChanged(true);
  };
  if (changed) {
    return (
      <DoorPage title="The password is changed">
        <p>You are signed out everywhere. {toSignIn} with the new password.</p>
      </DoorPage>
    );
  }
  return (
    <DoorPage title="Choose a new password" failure={failure}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <PasswordField label="New password" value={password} onChange={setPassword} />
        <Button type="submit" look="primary" busy={busy} disabled={faultOf(password) !== null}>
          Change it
        </Button>
      </form>
    </DoorPage>
  );
}
