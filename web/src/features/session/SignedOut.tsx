import { Link } from '@tanstack/react-router';
import { DoorPage } from './DoorPage';
import { LeftElsewhere } from './LeftElsewhere';
import { ProviderButtons } from './ProviderButtons';
import { SignInForm } from './SignInForm';

type SignedOutProps = { title?: string; onDone?: () => void };

/** How to get in: by address and password, by a provider that the server knows, or by the link that it prints. The page behind it appears once somebody is signed in. */
export function SignedOut({ title = 'Sign in', onDone }: SignedOutProps) {
  return (
    <>
      <LeftElsewhere />
      <DoorPage
        title={title}
        below={
          <>
            <p>
              <Link to="/reset" className="text-accent underline">
                Forgot the password?
              </Link>{' '}
              ·{' '}
              <Link to="/sign-up" className="text-accent underline">
                Create an account
              </Link>
            </p>
            <details>
              <summary className="cursor-pointer">No account yet: get in with the server’s link</summary>
              <ol className="mt-3 list-decimal space-y-2 pl-5">
                <li>Look at the terminal in which the server runs.</li>
                <li>
                  Open the link it printed when it started. It looks like{' '}
                  <code className="rounded bg-sunken px-1.5 py-0.5 break-all">{`${location.origin}/welcome#token=…`}</code>
                </li>
                <li>A link works once. If it was used, stop the server with Ctrl + C and start it again: your data stays, and a new link is printed.</li>
              </ol>
            </details>
          </>
        }
      >
        <SignInForm onDone={onDone} />
        <ProviderButtons />
      </DoorPage>
    </>
  );
}
