import { useApolloClient } from '@apollo/client/react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { AdminLink } from '../features/session/AdminLink';
import { ConnectionNotice } from '../features/session/ConnectionNotice';
import { ThemeSwitch } from '../features/session/ThemeSwitch';
import { SignedOut } from '../features/session/SignedOut';
import { useSignedIn } from '../lib/session';
import { NAV_LINK } from '../ui/navStyle';
import { ScrollLine } from '../ui/ScrollLine';

// What people see who are not signed in.
const OPEN: ReadonlySet<string> = new Set(['/welcome', '/sign-in', '/sign-in/return', '/sign-up', '/reset', '/verify']);

/** What stands around every page. Without a token the pages by which people come in are shown, and in the place of all others how to sign in. */
export function Shell() {
  const client = useApolloClient();
  const signedIn = useSignedIn();
  // The page that is shown, not the one that is on its way: until that is there, the outlet holds the one before.
  const path = useRouterState({ select: (state) => (state.resolvedLocation ?? state.location).pathname });
  const content = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    // A new page begins at its top for the keyboard and for screen readers too, as it would without scripts.
    if (shown.current !== path) content.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  useEffect(() => {
    if (signedIn) return;
    // Nothing is left of whoever signed out. Not at once: the queries of pages that have just gone end a moment later, and would ask again.
    const timer = setTimeout(() => void client.clearStore(), 0);
    return () => clearTimeout(timer);
  }, [client, signedIn]);
  return (
    <>
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:m-2 focus:rounded-lg focus:bg-panel focus:p-3">
        Skip to the content
      </a>
      <header className="border-b border-line bg-panel">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-3 px-4 py-2 sm:px-6">
          <Link to="/" className="flex items-center gap-2 rounded-lg py-1 text-base font-semibold tracking-tight">
            <img src="/favicon.svg" alt="" width="28" height="28" />
            AutoML Lite
          </Link>
          {signedIn ? (
            // On a phone one line of its own, which scrolls: two lines of links would stand before every page.
            <ScrollLine label="Site" here={path} className="order-last -mx-4 w-[calc(100%+2rem)] items-center px-2.5 sm:order-none sm:mx-0 sm:ml-auto sm:w-auto sm:gap-1 sm:px-0">
              <Link to="/datasets" {...NAV_LINK}>
                Datasets
              </Link>
              <Link to="/jobs" {...NAV_LINK}>
                Jobs
              </Link>
              <Link to="/registry" {...NAV_LINK}>
                Registry
              </Link>
              <a href="/graphiql" className={`${NAV_LINK.className} ${NAV_LINK.inactiveProps.className}`}>
                Playground
              </a>
              <AdminLink />
              <Link to="/settings" {...NAV_LINK}>
                Settings
              </Link>
            </ScrollLine>
          ) : null}
          <span className={`-mr-2.5 ml-auto ${signedIn ? 'sm:ml-0' : ''}`}>
            <ThemeSwitch />
          </span>
        </div>
      </header>
      <ConnectionNotice />
      <main ref={content} id="content" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-6 outline-none sm:px-6 sm:py-8">
        {signedIn || OPEN.has(path) ? <Outlet /> : <SignedOut />}
      </main>
    </>
  );
}
