// The bearer token of this browser: taken once from the link that the server prints, kept in localStorage.
import { useSyncExternalStore } from 'react';

const KEY = 'automl.token';
const listeners = new Set<() => void>();
// Used when the browser forbids storage: the session then lasts as long as the page.
let memory: string | null = null;

/** The token to send, or null when nobody is signed in. */
export function readToken(): string | null {
  try {
    return localStorage.getItem(KEY) ?? memory;
  } catch {
    return memory;
  }
}

/** Keeps a token (null: forgets it) and tells every listener. */
export function keepToken(token: string | null): void {
  memory = token;
  try {
    if (token === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, token);
  } catch {
    // Kept in memory alone.
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
  return useSyncExternalStore(subscribe, () => readToken() !== null);
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
  keepToken(body.token);
}
