import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql } from '../../gql';
import { noteLeft } from '../../lib/cameBy';
import { refusalOf } from '../../lib/failure';
import { keepToken } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';

const SignOut = graphql(`
  mutation SignOut($input: SignOutInput!) {
    signOut(input: $input) {
      endedCount
      userErrors {
        message
      }
    }
  }
`);

/** Ends this session, or all of the person's. */
export function SignOutButtons() {
  const [signOut, { loading }] = useMutation(SignOut);
  const [failure, setFailure] = useState<string | null>(null);
  const leave = async (everywhere: boolean) => {
    setFailure(null);
    const refused = await refusalOf(async () => (await signOut({ variables: { input: { everywhere } } })).data?.signOut?.userErrors);
    setFailure(refused);
    if (refused !== null) return;
    noteLeft();
    keepToken(null);
  };
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-2">
        <Button busy={loading} onClick={() => void leave(false)}>
          Sign out
        </Button>
        <ConfirmButton
          look="danger"
          busy={loading}
          question="Sign out everywhere?"
          consequence="Every browser in which you are signed in asks you to sign in again. Tokens for scripts stay."
          verb="Sign out everywhere"
          onConfirm={() => void leave(true)}
        >
          Sign out everywhere
        </ConfirmButton>
      </div>
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
    </div>
  );
}
