import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf, type UserFailure } from '../../lib/failure';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { TextInput } from '../../ui/Field';
import { PasswordField } from '../session/PasswordField';
import { faultOf } from '../session/passwords';

const PasswordFormsUser = graphql(`
  fragment PasswordForms_user on User {
    id
    email
  }
`);

const SetPassword = graphql(`
  mutation SetPassword($input: SetPasswordInput!) {
    setPassword(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

const UpdatePassword = graphql(`
  mutation UpdatePassword($input: UpdatePasswordInput!) {
    updatePassword(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

type Told = { tone: 'good' | 'bad'; text: string } | null;

/** A first password for whoever came by a link, and another one for whoever has one. */
export function PasswordForms({ user: masked }: { user: FragmentType<typeof PasswordFormsUser> }) {
  const user = readFragment(PasswordFormsUser, masked);
  const [set, setting] = useMutation(SetPassword);
  const [update, updating] = useMutation(UpdatePassword);
  const [email, setEmail] = useState(user.email ?? '');
  const [first, setFirst] = useState('');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [told, setTold] = useState<Told>(null);
  const attempt = async (action: () => Promise<readonly UserFailure[] | undefined>, done: string) => {
    setTold(null);
    const refused = await refusalOf(action);
    setTold(refused === null ? { tone: 'good', text: done } : { tone: 'bad', text: refused });
    if (refused !== null) return;
    setFirst('');
    setCurrent('');
    setNext('');
  };
  return (
    <div className="space-y-5">
      {told !== null ? <Callout tone={told.tone}>{told.text}</Callout> : null}
      <form
        className="space-y-4"
        aria-label="Change the password"
        onSubmit={(event) => {
          event.preventDefault();
          const input = { currentPassword: current, password: next };
          void attempt(async () => (await update({ variables: { input } })).data?.updatePassword?.userErrors, 'The password is changed. Your other sessions are over.');
        }}
      >
        <TextInput label="Present password" type="password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} />
        <PasswordField label="New password" value={next} onChange={setNext} />
        <Button type="submit" busy={updating.loading} disabled={faultOf(next) !== null}>
          Change the password
        </Button>
      </form>
      <details>
        <summary className="cursor-pointer text-accent">I have none yet: I came by the server’s link</summary>
        <form
          className="mt-4 space-y-4"
          aria-label="A first password"
          onSubmit={(event) => {
            event.preventDefault();
            const input = { email: email.trim(), password: first };
            void attempt(async () => (await set({ variables: { input } })).data?.setPassword?.userErrors, 'From now on you can sign in with it.');
          }}
        >
          <TextInput label="Address to sign in with" type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />
          <PasswordField label="First password" value={first} onChange={setFirst} />
          <Button type="submit" busy={setting.loading} disabled={faultOf(first) !== null}>
            Set the password
          </Button>
        </form>
      </details>
    </div>
  );
}
