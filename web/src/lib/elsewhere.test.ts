// @vitest-environment jsdom
import { createHash, webcrypto } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { begin, takeReturn } from './elsewhere';
import type { Provider } from './providers';
import { providerName, signOutAddress } from './providers';

const provider: Provider = {
  issuer: 'https://id.example.com/realms/main',
  name: null,
  clientId: 'web',
  redirectUri: 'https://automl.example/sign-in/return',
  authorizationEndpoint: 'https://id.example.com/authorize?tenant=1',
  endSessionEndpoint: null,
  scopes: ['openid', 'email'],
  audience: 'https://automl.example',
};

beforeEach(() => vi.stubGlobal('crypto', webcrypto));
afterEach(() => {
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

/** What a tab is asked with that goes to the provider. */
async function go(returnTo = '/jobs?sort=name', change: Partial<Provider> = {}): Promise<URLSearchParams> {
  return new URL(await begin({ ...provider, ...change }, returnTo)).searchParams;
}

it('goes with the hash of a secret that stays here, and takes the answer once', async () => {
  const asked = await go();
  expect(Object.fromEntries(asked)).toMatchObject({
    tenant: '1',
    client_id: 'web',
    response_type: 'code',
    redirect_uri: provider.redirectUri,
    scope: 'openid email',
    code_challenge_method: 'S256',
    resource: 'https://automl.example',
    audience: 'https://automl.example',
  });
  const answer = `?code=c&state=${asked.get('state')}`;
  const returned = takeReturn(answer, Date.now());
  if (returned.kind !== 'code') throw new Error(returned.kind);
  expect(returned.returnTo).toBe('/jobs?sort=name');
  expect(returned.input).toMatchObject({ issuer: provider.issuer, code: 'c', redirectUri: provider.redirectUri, nonce: asked.get('nonce') });
  expect(returned.input.codeVerifier).toMatch(/^[\w-]{43}$/);
  expect(createHash('sha256').update(returned.input.codeVerifier).digest('base64url')).toBe(asked.get('code_challenge'));
  expect(asked.toString()).not.toContain(returned.input.codeVerifier);
  expect(takeReturn(answer, Date.now()).kind).toBe('lost');
});

it('takes no answer that is not to what this tab asked', async () => {
  const bad: [string, (state: string) => string, number][] = [
    ['another state', () => '?code=c&state=x', 0],
    ['no state', () => '?code=c', 0],
    ['an error without a state', () => '?error=access_denied', 0],
    ['another provider', (state) => `?code=c&state=${state}&iss=https://evil.example`, 0],
    ['an hour later', (state) => `?code=c&state=${state}`, 60 * 60_000],
    ['neither code nor error', (state) => `?state=${state}`, 0],
  ];
  for (const [what, answer, late] of bad) {
    const state = (await go()).get('state') ?? '';
    expect(takeReturn(answer(state), Date.now() + late).kind, what).toBe('lost');
  }
  expect(takeReturn('?code=c&state=x', Date.now()).kind).toBe('lost');
  sessionStorage.setItem('automl.sign-in', '{"state":"x"}');
  expect(takeReturn('?code=c&state=x', Date.now()).kind).toBe('lost');
});

it('says in words of its own why a provider refuses', async () => {
  for (const [error, words] of [
    ['access_denied', /did not allow it/],
    ['login_required', /wanted to ask/],
    ['server_error', /problem of its own/],
    ['invalid_scope', /\(invalid_scope\)/],
    ['<b>x</b>', /how this server asks\. Tell/],
  ] as const) {
    const state = (await go()).get('state') ?? '';
    const returned = takeReturn(`?state=${state}&error=${encodeURIComponent(error)}&error_description=raw`, Date.now());
    if (returned.kind !== 'refused') throw new Error(returned.kind);
    expect(returned.reason).toMatch(words);
    expect(returned.reason).not.toMatch(/raw|<b>/);
  }
});

it('comes back to pages of this app only, and to none of the doors', async () => {
  for (const [from, to] of [
    ['/jobs/1#trials', '/jobs/1#trials'],
    ['/sign-in', '/'],
    ['/sign-in/return?x=1', '/'],
    ['/welcome#token=x', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
  ] as const) {
    const state = (await go(from)).get('state') ?? '';
    expect(takeReturn(`?code=c&state=${state}`, Date.now())).toMatchObject({ kind: 'code', returnTo: to });
  }
});

it('asks for an audience as the provider may want it', async () => {
  expect((await go('/', { audience: 'automl' })).get('resource')).toBeNull();
  expect((await go('/', { audience: 'automl' })).get('audience')).toBe('automl');
  expect((await go('/', { audience: null })).has('audience')).toBe(false);
});

it('does not go without a secure context, and says what helps', async () => {
  vi.stubGlobal('crypto', { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) });
  await expect(go()).rejects.toThrow(/https/);
  vi.unstubAllGlobals();
  await expect(go('/', { authorizationEndpoint: null })).rejects.toThrow(/does not answer/);
});

it('names a provider, and knows where one signs out there', () => {
  expect(providerName(provider)).toBe('id.example.com');
  expect(providerName({ ...provider, name: 'University' })).toBe('University');
  expect(signOutAddress(provider)).toBeNull();
  const address = new URL(signOutAddress({ ...provider, endSessionEndpoint: 'https://id.example.com/logout' }) ?? '');
  expect(Object.fromEntries(address.searchParams)).toEqual({
    client_id: 'web',
    post_logout_redirect_uri: 'https://automl.example/sign-in',
    logout_uri: 'https://automl.example/sign-in',
  });
});
