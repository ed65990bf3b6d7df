import { useNavigate } from '@tanstack/react-router';
import { SignedOut } from '../features/session/SignedOut';

/** A page to sign in that can be linked to. Other pages show the same where nobody is signed in, and stay where they are. */
export function SignInPage() {
  const navigate = useNavigate();
  return <SignedOut onDone={() => void navigate({ to: '/', replace: true })} />;
}
