import { useApolloClient } from '@apollo/client/react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { SignedOut } from '../features/session/SignedOut';
import { describeFailure } from '../lib/failure';
import { openSession, useSignedIn } from '../lib/session';
import { buttonClass } from '../ui/buttonStyle';
import { Callout } from '../ui/Callout';
import { LoadingPage } from '../ui/Loading';

/** The page of the printed link: changes the one-time token in its fragment for a bearer token. */
export function WelcomePage() {
  const navigate = useNavigate();
  const client = useApolloClient();
  const signedIn = useSignedIn();
  const [failure, setFailure] = useState<string | null>(null);
  // The token works once, so it is sent once even where effects run twice.
  const sent = useRef(false);

  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    const enter = async () => {
      const token = new URLSearchParams(location.hash.slice(1)).get('token');
      // Out of the address bar and the history before anything else.
      history.replaceState(history.state, '', '/welcome');
      if (!token) throw new Error('This link carries no token.');
      await openSession(token);
      await client.clearStore();
      await navigate({ to: '/', replace: true });
    };
    enter().catch((error: unknown) => setFailure(describeFailure(error)));
  }, [client, navigate]);

  if (failure === null) return <LoadingPage label="Signing in" />;
  return (
    <div className="mx-auto max-w-md space-y-6">
      <Callout tone="bad" title="This link does not work">
        <p>{failure}</p>
      </Callout>
      {signedIn ? (
        <>
          <p>This browser is signed in already; no link is needed.</p>
          <Link to="/" className={buttonClass('primary')}>
            To the first page
          </Link>
        </>
      ) : (
        <SignedOut />
      )}
    </div>
  );
}
