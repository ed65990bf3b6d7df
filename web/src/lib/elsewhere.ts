// Signing in at a provider: the browser goes there with the hash of a secret (PKCE), and what comes back must fit what this tab went with.
// The page itself asks the provider nothing: the server exchanges the code.
import type { Provider } from './providers';
import { providerName } from './providers';

const KEY = 'automl.sign-in';
/** Whoever takes longer has left the provider's page open: its code is too old by then in any case. */
const LONGEST_MILLISECONDS = 60 * 60_000;
/** Pages that make no sense once somebody is signed in. */
const DOORS = new Set(['/sign-in', '/sign-in/return', '/sign-up', '/reset', '/verify', '/welcome']);

type Begun = { issuer: string; name: string; state: string; nonce: string; codeVerifier: string; redirectUri: string; returnTo: string; begunAt: number };

export type CodeInput = { issuer: string; code: string; codeVerifier: string; redirectUri: string; nonce: string };

export type Returned =
  | { kind: 'code'; name: string; returnTo: string; input: CodeInput }
  | { kind: 'refused'; name: string; reason: string }
  | { kind: 'lost' };

/** Notes what this tab goes to the provider with, and gives the address to go to. */
export async function begin(provider: Provider, returnTo: string): Promise<string> {
  if (provider.authorizationEndpoint === null) throw new Error(`${providerName(provider)} does not answer this server. Try again in a moment.`);
  // Types say that it is there; outside of a secure context it is not.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) throw new Error('Browsers allow signing in elsewhere only from pages with an https address, or from this machine itself.');
  const begun: Begun = {
    issuer: provider.issuer,
    name: providerName(provider),
    state: secret(),
    nonce: secret(),
    codeVerifier: secret(),
    redirectUri: provider.redirectUri,
    returnTo: safePath(returnTo),
    begunAt: Date.now(),
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(begun));
  } catch {
    throw new Error('This browser keeps nothing for this page, so that the way back would not be known. Allow it to store data for this page.');
  }
  const challenge = await subtle.digest('SHA-256', new TextEncoder().encode(begun.codeVerifier));
  const address = new URL(provider.authorizationEndpoint);
  const asked: Record<string, string> = {
    client_id: provider.clientId,
    response_type: 'code',
    redirect_uri: begun.redirectUri,
    scope: provider.scopes.join(' '),
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: base64url(new Uint8Array(challenge)),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries({ ...asked, ...receiver(provider.audience) })) address.searchParams.set(name, value);
  return address.href;
}

/** Whom the access token is to be for: providers call it one or the other, and a `resource` is an address. */
function receiver(audience: string | null): Record<string, string> {
  if (audience === null) return {};
  return URL.canParse(audience) && !audience.includes('#') ? { audience, resource: audience } : { audience };
}

/** What the provider sent back in the address. What this tab went with is forgotten: an answer counts once. */
export function takeReturn(search: string, now: number): Returned {
  const begun = takeBegun();
  const answer = new URLSearchParams(search);
  const isOurs = begun !== null && answer.get('state') === begun.state && Math.abs(now - begun.begunAt) < LONGEST_MILLISECONDS;
  // Some providers say who they are (RFC 9207): another one's answer is none to this sign-in.
  if (!isOurs || (answer.get('iss') ?? begun.issuer) !== begun.issuer) return { kind: 'lost' };
  const { name, returnTo, issuer, codeVerifier, redirectUri, nonce } = begun;
  const error = answer.get('error');
  if (error !== null) return { kind: 'refused', name, reason: reasonOf(error, name) };
  const code = answer.get('code');
  if (code === null || code === '') return { kind: 'lost' };
  return { kind: 'code', name, returnTo: safePath(returnTo), input: { issuer, code, codeVerifier, redirectUri, nonce } };
}

function takeBegun(): Begun | null {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const read: unknown = kept === null ? null : JSON.parse(kept);
    return isBegun(read) ? read : null;
  } catch {
    return null;
  }
}

function isBegun(read: unknown): read is Begun {
  if (typeof read !== 'object' || read === null) return false;
  const kept = read as Partial<Record<keyof Begun, unknown>>;
  const texts = [kept.issuer, kept.name, kept.state, kept.nonce, kept.codeVerifier, kept.redirectUri, kept.returnTo];
  return texts.every((text) => typeof text === 'string') && typeof kept.begunAt === 'number';
}

/** The errors of RFC 6749 and OpenID Connect, in words. What the provider writes besides is not shown: anybody can put it into a link. */
function reasonOf(error: string, name: string): string {
  switch (error) {
    case 'access_denied':
      return `You did not allow it, or ${name} does not let you in here.`;
    case 'login_required':
    case 'interaction_required':
    case 'consent_required':
    case 'account_selection_required':
      return `${name} wanted to ask you something and could not.`;
    case 'temporarily_unavailable':
    case 'server_error':
      return `${name} has a problem of its own. Try again in a moment.`;
    default:
      return `${name} does not accept how this server asks${/^[a-z_]{1,40}$/.test(error) ? ` (${error})` : ''}. Tell whoever runs this server.`;
  }
}

/** A page of this app: a path, and none of those by which people come in. */
function safePath(path: string): string {
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('\\')) return '/';
  return DOORS.has(path.split(/[?#]/)[0] ?? '') ? '/' : path;
}

/** 256 random bits, as text of 43 characters. */
function secret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
