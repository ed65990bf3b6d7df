import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { Button } from '../../ui/Button';
import { TextInput } from '../../ui/Field';

const EmailFormUser = graphql(`
  fragment EmailForm_user on User {
    id
    email
  }
`);

const UpdateEmail = graphql(`
  mutation UpdateEmail($input: UpdateEmailInput!) {
    updateEmail(input: $input) {
      user {
        ...EmailForm_user
      }
      userErrors {
        message
      }
    }
  }
`);

/** Where mail goes: one address, or none. */
export function EmailForm({ user: masked }: { user: FragmentType<typeof EmailFormUser> }) {
  const user = readFragment(EmailFormUser, masked);
  const [typed, setTyped] = useState<string | null>(null);
  const [update, { loading }] = useMutation(UpdateEmail);
  const [failure, setFailure] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const stored = user.email ?? '';
  const value = typed ?? stored;

  const save = async () => {
    setFailure(null);
    setSaved(false);
    const input = { email: value.trim() === '' ? null : value.trim() };
    const refused = await refusalOf(async () => (await update({ variables: { input } })).data?.updateEmail?.userErrors);
    setFailure(refused);
    if (refused !== null) return;
    setTyped(null);
    setSaved(true);
  };

  return (
    <form
      noValidate
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        label="E-mail address"
        type="email"
        autoComplete="email"
        placeholder="ada@example.com"
        hint="Leave it blank to get no mail."
        error={failure}
        value={value}
        onChange={(event) => {
          setTyped(event.target.value);
          setSaved(false);
        }}
      />
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" busy={loading} disabled={value.trim() === stored}>
          Save
        </Button>
        <span aria-live="polite" className="text-muted">
          {saved ? 'Saved.' : ''}
        </span>
      </div>
    </form>
  );
}
