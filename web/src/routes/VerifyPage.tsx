import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DoorPage } from '../features/session/DoorPage';
import { useDoor } from '../features/session/useDoor';
import { useLinkToken } from '../features/session/useLinkToken';
import { graphql } from '../gql';
import { useSignedIn } from '../lib/session';
import { Button } from '../ui/Button';

const VerifyEmail = graphql(`
  mutation VerifyEmail($input: VerifyEmailInput!) {
    verifyEmail(input: $input) {
      verified
      userErrors {
        message
      }
    }
  }
`);

/** The page of the mail that confirms an address. It waits for a press: mail scanners open links, and a link works once. */
export function VerifyPage() {
  const token = useLinkToken();
  const signedIn = useSignedIn();
  const { ask, busy, failure } = useDoor(VerifyEmail);
  const [verified, setVerified] = useState(false);
  const onward = (
    <Link to={signedIn ? '/' : '/sign-in'} className="text-accent underline">
      {signedIn ? 'To the first page' : 'Sign in'}
    </Link>
  );
  if (token === null) {
    return (
      <DoorPage title="This link carries no token">
        <p>Copy it from the mail once more, whole. {onward}</p>
      </DoorPage>
    );
  }
  if (verified) {
    return (
      <DoorPage title="The address is yours">
        <p>{onward}</p>
      </DoorPage>
    );
  }
  return (
    <DoorPage title="Is this address yours?" note="You opened a link from a mail." failure={failure}>
      <Button
        look="primary"
        busy={busy}
        onClick={() => {
          void ask({ input: { token } }, (data) => data.verifyEmail).then((answer) => {
            if (answer?.verified) setVerified(true);
          });
        }}
      >
        Yes, confirm it
      </Button>
    </DoorPage>
  );
}
