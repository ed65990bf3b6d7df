import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { readCameBy } from '../../lib/cameBy';
import { refusalOf, type UserFailure } from '../../lib/failure';
import { providerName, useProviders } from '../../lib/providers';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { TextInput } from '../../ui/Field';
import { PasswordField } from '../session/PasswordField';
import { faultOf } from '../session/passwords';

const PasswordFormsUser = graphql(`
  fragment PasswordForms_user on User {
    id
    email
    hasPassword
  }
`);

const SetPassword = graphql(`
  mutation SetPassword($input: SetPasswordInput!) {
    setPassword(input: $input) {
      user {
        ...PasswordForms_user
      }
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

/** A first password for whoever came by a link or a provider, and another one for whoever has one. */
export function PasswordForms({ user: masked }: { user: FragmentType<typeof PasswordFormsUser> }) {
  const user = readFragment(PasswordFormsUser, masked);
  const [told, setTold] = useState<Told>(null);
  const attempt = async (action: () => Promise<readonly UserFailure[] | undefined>, done: string) => {
    setTold(null);
    const refused = await refusalOf(action);
    setTold(refused === null ? { tone: 'good', text: done } : { tone: 'bad', text: refused });
    return refused === null;
  };
  return (
    <div className="space-y-5">
      {told !== null ? <Callout tone={told.tone}>{told.text}</Callout> : null}
      {user.hasPassword === false ? <First email={user.email} attempt={attempt} /> : <Another attempt={attempt} />}
    </div>
  );
}

type Attempt = (action: () => Promise<readonly UserFailure[] | undefined>, done: string) => Promise<boolean>;

function Another({ attempt }: { attempt: Attempt }) {
  const [update, { loading }] = useMutation(UpdatePassword);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const submit = async () => {
    const input = { currentPassword: current, password: next };
    const change = async () => (await update({ variables: { input } })).data?.updatePassword?.userErrors;
    if (!(await attempt(change, 'The password is changed. Your other sessions are over.'))) return;
    setCurrent('');
    setNext('');
  };
  return (
    <form
      className="space-y-4"
      aria-label="Change the password"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextInput label="Present password" type="password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} />
      <PasswordField label="New password" value={next} onChange={setNext} />
      <Button type="submit" busy={loading} disabled={faultOf(next) !== null}>
        Change the password
      </Button>
    </form>
  );
}

function First({ email: known, attempt }: { email: string | null; attempt: Attempt }) {
  const [set, { loading }] = useMutation(SetPassword);
  const [email, setEmail] = useState(known ?? '');
  const [first, setFirst] = useState('');
  const [issuer] = useState(readCameBy);
  const provider = useProviders().find((one) => one.issuer === issuer);
  const submit = () => {
    const input = { email: email.trim(), password: first };
    return attempt(async () => (await set({ variables: { input } })).data?.setPassword?.userErrors, 'From now on you can sign in with it.');
  };
  return (
    <>
      <p>
        {provider
          ? `You sign in with ${providerName(provider)} and need no password here.`
          : issuer !== null
            ? 'You sign in with another provider and need no password here.'
            : 'You have none yet. With one you can sign in without the server’s link.'}
      </p>
      <details open={issuer === null}>
        <summary className="cursor-pointer text-accent">{issuer === null ? 'Set a password' : 'Set one all the same'}</summary>
        <form
          className="mt-4 space-y-4"
          aria-label="A first password"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <TextInput label="Address to sign in with" type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />
          <PasswordField label="First password" value={first} onChange={setFirst} />
          <Button type="submit" busy={loading} disabled={faultOf(first) !== null}>
            Set the password
          </Button>
        </form>
      </details>
    </>
  );
}
