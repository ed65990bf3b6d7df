// Who this browser is signed in as: the token of a printed link, or a pair that is exchanged before it ends. Kept in localStorage, so that all
// tabs share it: a refresh token is good for one exchange, and of two tabs that hold the same one would lose the session.
import { useSyncExternalStore } from 'react';
import { noteCameBy } from './cameBy';
import { exchange, type Tokens } from './doors';
import { isStale, pairOf, parseKept, type Pair } from './tokens';

const KEY = 'automl.token';
const LOCK = 'automl.refresh';
const listeners = new Set<() => void>();
// Used when the browser forbids storage: the session then lasts as long as the page.
let memory: string | null = null;
// The exchange that is under way in this tab.
let exchanging: Promise<string | null> | null = null;

function readKept(): Pair | string | null {
  try {
    return parseKept(localStorage.getItem(KEY) ?? memory);
  } catch {
    return parseKept(memory);
  }
}

/** The token as it stands, perhaps at its end; null when nobody is signed in. For what cannot wait: `freshToken` is better. */
export function readToken(): string | null {
  const kept = readKept();
  return typeof kept === 'string' || kept === null ? kept : kept.accessToken;
}

/** The token to send, exchanged first where it is about to end; null when nobody is signed in, or no longer. Rejects while the server is away. */
export async function freshToken(): Promise<string | null> {
  const kept = readKept();
  if (kept === null || !isStale(kept, Date.now())) return readToken();
  exchanging ??= alone(exchangeKept).finally(() => {
    exchanging = null;
  });
  return exchanging;
}

/** One tab at a time. Without the lock (an old browser, or no secure context) the ten seconds of grace of the server have to do. */
function alone<Result>(run: () => Promise<Result>): Promise<Result> {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? (locks.request(LOCK, run) as Promise<Result>) : run();
}

async function exchangeKept(): Promise<string | null> {
  // Another tab may have done it meanwhile, or signed out.
  const kept = readKept();
  if (kept === null || typeof kept === 'string' || !isStale(kept, Date.now())) return readToken();
  const tokens = await exchange(kept.refreshToken);
  if (tokens === null) keepToken(null);
  else keepTokens(tokens);
  return readToken();
}

/** Keeps the tokens of a session. */
export function keepTokens(tokens: Tokens): void {
  keepToken(JSON.stringify(pairOf(tokens, Date.now())));
}

/** Keeps a token (null: forgets it) and tells every listener. */
export function keepToken(token: string | null): void {
  try {
    if (token === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, token);
    // What is stored is true for all tabs: one that signed out must not come back here.
    memory = null;
  } catch {
    memory = token;
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/** Whether a token is present; renders again when that changes, in other tabs too. */
export function useSignedIn(): boolean {
  return useSyncExternalStore(subscribe, () => readKept() !== null);
}

/** Changes the one-time token of the printed link for a bearer token and keeps it. */
export async function openSession(oneTimeToken: string): Promise<void> {
  const response = await fetch('/v1/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: oneTimeToken }),
  });
  if (response.status === 401 || response.status === 403 || response.status === 400) {
    throw new Error('This link was used before or has expired.');
  }
  if (!response.ok) throw new Error(`The server answered with status ${response.status}. Try again in a moment.`);
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('token' in body) || typeof body.token !== 'string') {
    throw new Error('The server answered without a token. Are page and server of the same version?');
  }
  noteCameBy(null);
  keepToken(body.token);
}
