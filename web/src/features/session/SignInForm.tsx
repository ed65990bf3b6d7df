import { useState } from 'react';
import { graphql } from '../../gql';
import { noteCameBy } from '../../lib/cameBy';
import { keepTokens } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { TextInput } from '../../ui/Field';
import { useDoor } from './useDoor';

const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      tokens {
        accessToken
        accessTokenExpiresAt
        refreshToken
      }
      userErrors {
        message
      }
    }
  }
`);

/** Address and password. Whoever shows it shows what comes next as soon as somebody is signed in. */
export function SignInForm({ onDone }: { onDone?: () => void }) {
  const { ask, busy, failure } = useDoor(SignIn);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = async () => {
    const answer = await ask({ input: { email: email.trim(), password } }, (data) => data.signIn);
    if (!answer?.tokens) return;
    noteCameBy(null);
    keepTokens(answer.tokens);
    onDone?.();
  };
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      <TextInput label="E-mail address" type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />
      <TextInput label="Password" type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      <Button type="submit" look="primary" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
