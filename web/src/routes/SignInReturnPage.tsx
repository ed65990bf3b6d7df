import { useApolloClient } from '@apollo/client/react';
import { Link, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { DoorPage } from '../features/session/DoorPage';
import { graphql } from '../gql';
import { noteCameBy } from '../lib/cameBy';
import { doors } from '../lib/doors';
import { takeReturn, type Returned } from '../lib/elsewhere';
import { describeFailure, describeUserErrors } from '../lib/failure';
import { providerName, signOutAddress, useProviders } from '../lib/providers';
import { keepTokens, useSignedIn } from '../lib/session';
import { Button } from '../ui/Button';
import { buttonClass } from '../ui/buttonStyle';
import { LoadingPage } from '../ui/Loading';

const SignInWithCode = graphql(`
  mutation SignInWithCode($input: SignInWithCodeInput!) {
    signInWithCode(input: $input) {
      tokens {
        accessToken
        accessTokenExpiresAt
        refreshToken
      }
      userErrors {
        code
        message
      }
    }
  }
`);

type Code = Extract<Returned, { kind: 'code' }>;
/** `again`: the code may still be good. `other`: the provider knows somebody whom the server does not let in. */
type Failure = { text: string; way: 'anew' | 'again' | 'other' };

/** Where a provider sends browsers back to: takes its answer out of the address, and has the server make a session of the code. */
export function SignInReturnPage() {
  const router = useRouter();
  const client = useApolloClient();
  const [returned] = useState(() => {
    const found = takeReturn(location.search, Date.now());
    // Out of the address bar and the history before anything else.
    history.replaceState(history.state, '', location.pathname);
    return found;
  });
  const [failure, setFailure] = useState<Failure | null>(null);
  // A code works once, so it is sent once even where effects run twice.
  const sent = useRef(false);

  const enter = useCallback(
    async (code: Code) => {
      const refused = await exchange(code);
      setFailure(refused);
      if (refused !== null) return;
      await client.clearStore();
      router.history.replace(code.returnTo);
    },
    [client, router],
  );
  useEffect(() => {
    if (sent.current || returned.kind !== 'code') return;
    sent.current = true;
    void enter(returned);
  }, [enter, returned]);

  if (returned.kind === 'code' && failure === null) return <LoadingPage label="Signing in" />;
  if (returned.kind === 'lost') {
    return (
      <Stopped title="This sign-in does not belong to this tab">
        <p>It began in another tab or long ago, or its answer was used before. Nothing was changed.</p>
      </Stopped>
    );
  }
  if (returned.kind === 'refused') {
    return (
      <Stopped title={`${returned.name} has not signed you in`}>
        <p>{returned.reason}</p>
      </Stopped>
    );
  }
  return (
    <Stopped title="You are not signed in" failure={failure?.text}>
      {failure?.way === 'again' ? (
        <Button
          look="primary"
          onClick={() => {
            setFailure(null);
            void enter(returned);
          }}
        >
          Try again
        </Button>
      ) : null}
      {failure?.way === 'other' ? <AsSomebodyElse issuer={returned.input.issuer} /> : null}
    </Stopped>
  );
}

/** Keeps the session that the server makes of a code; what speaks against it, or null. */
async function exchange({ input }: Code): Promise<Failure | null> {
  try {
    const { data } = await doors.mutate({ mutation: SignInWithCode, variables: { input }, fetchPolicy: 'no-cache' });
    const payload = data?.signInWithCode;
    if (payload?.tokens) {
      noteCameBy(input.issuer);
      keepTokens(payload.tokens);
      return null;
    }
    const text = describeUserErrors(payload?.userErrors) ?? 'The server gave no answer.';
    const codes = payload?.userErrors.map(({ code }) => String(code)) ?? [];
    if (codes.includes('NO_ACCOUNT') || codes.includes('ACCOUNT_SUSPENDED')) return { text, way: 'other' };
    return { text, way: codes.includes('RATE_LIMITED') ? 'again' : 'anew' };
  } catch (error) {
    return { text: describeFailure(error), way: 'again' };
  }
}

function Stopped({ title, failure, children }: { title: string; failure?: string; children?: ReactNode }) {
  const signedIn = useSignedIn();
  return (
    <DoorPage title={title} failure={failure}>
      <div className="space-y-4">
        {children}
        <p>
          <Link to={signedIn ? '/' : '/sign-in'} replace className={buttonClass()}>
            {signedIn ? 'To the first page' : 'Back to signing in'}
          </Link>
        </p>
      </div>
    </DoorPage>
  );
}

/** Whoever has several accounts at the provider is asked for none while they are signed in there. */
function AsSomebodyElse({ issuer }: { issuer: string }) {
  const provider = useProviders().find((one) => one.issuer === issuer);
  const address = provider ? signOutAddress(provider) : null;
  if (!provider || address === null) return null;
  return (
    <p>
      Have you another account at {providerName(provider)}?{' '}
      <a href={address} className="text-accent underline">
        Sign out there
      </a>{' '}
      first, then come back with it.
    </p>
  );
}
