import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const mutate = vi.fn<(options: { variables: { input: object } }) => Promise<object>>();
const replace = vi.fn();
vi.mock('../lib/doors', () => ({ doors: { mutate: (options: { variables: { input: object } }) => mutate(options) } }));
vi.mock('@tanstack/react-router', () => ({
  Link: ({ to, children }: { to: string; children: ReactNode }) => <a href={to}>{children}</a>,
  useRouter: () => ({ history: { replace } }),
}));

const { SignInReturnPage } = await import('./SignInReturnPage');
const { keepToken, readToken } = await import('../lib/session');
const { readCameBy } = await import('../lib/cameBy');

const begun = { issuer: 'https://id.example.com', name: 'The University', state: 's', nonce: 'n', codeVerifier: 'v', redirectUri: 'r', returnTo: '/jobs' };
const tokens = { accessToken: 'a', accessTokenExpiresAt: '2026-01-01T00:10:00Z', refreshToken: 'r' };

beforeEach(() => {
  sessionStorage.setItem('automl.sign-in', JSON.stringify({ ...begun, begunAt: Date.now() }));
  vi.stubGlobal('fetch', async () => Response.json({ identityProviders: [] }));
});
afterEach(() => {
  cleanup();
  mutate.mockReset();
  replace.mockReset();
  keepToken(null);
  localStorage.clear();
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

function open(search: string) {
  history.replaceState(null, '', `/sign-in/return${search}`);
  const client = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.empty() });
  render(
    <StrictMode>
      <ApolloProvider client={client}>
        <SignInReturnPage />
      </ApolloProvider>
    </StrictMode>,
  );
}

it('sends a code once, keeps the session and goes to where it began', async () => {
  mutate.mockResolvedValue({ data: { signInWithCode: { tokens, userErrors: [] } } });
  open('?code=c&state=s');
  await vi.waitFor(() => expect(replace).toHaveBeenCalledExactlyOnceWith('/jobs'));
  expect(mutate).toHaveBeenCalledOnce();
  expect(mutate.mock.calls[0]?.[0].variables.input).toEqual({ issuer: begun.issuer, code: 'c', codeVerifier: 'v', redirectUri: 'r', nonce: 'n' });
  expect(location.search).toBe('');
  expect([readToken(), readCameBy()]).toEqual(['a', begun.issuer]);
});

it('sends nothing of an answer that is not to this tab', async () => {
  open('?code=c&state=another');
  await screen.findByRole('heading', { name: 'This sign-in does not belong to this tab' });
  expect(screen.getByRole('link', { name: 'Back to signing in' }).getAttribute('href')).toBe('/sign-in');
  expect(mutate).not.toHaveBeenCalled();
});

it('tries a code again that the server has not answered, and no other', async () => {
  mutate.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  open('?code=c&state=s');
  expect((await screen.findByRole('alert')).textContent).toMatch(/cannot be reached/);
  mutate.mockResolvedValueOnce({ data: { signInWithCode: { tokens: null, userErrors: [{ code: 'CODE_INVALID', message: 'Begin again.' }] } } });
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect((await screen.findByRole('alert')).textContent).toBe('Begin again.');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  expect(readToken()).toBeNull();
});
