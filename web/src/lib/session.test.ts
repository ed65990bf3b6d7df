// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const exchange = vi.fn<(token: string) => Promise<object | null>>();
vi.mock('./doors', () => ({ exchange: (token: string) => exchange(token) }));

const { freshToken, keepToken, keepTokens, readToken } = await import('./session');

const tokens = (name: string) => ({ accessToken: name, accessTokenExpiresAt: '2026-01-01T00:10:00Z', refreshToken: `refresh-${name}` });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') });
  exchange.mockReset();
});
afterEach(() => {
  keepToken(null);
  vi.useRealTimers();
});

it('sends what is good, and exchanges what is about to end, once for all that wait', async () => {
  keepTokens(tokens('first'));
  expect(await freshToken()).toBe('first');
  expect(exchange).not.toHaveBeenCalled();
  vi.setSystemTime(Date.parse('2026-01-01T00:09:30Z'));
  exchange.mockImplementation(async () => ({ ...tokens('second'), accessTokenExpiresAt: '2026-01-01T00:20:00Z' }));
  expect(await Promise.all([freshToken(), freshToken()])).toEqual(['second', 'second']);
  expect(exchange).toHaveBeenCalledExactlyOnceWith('refresh-first');
  expect(await freshToken()).toBe('second');
});

it('is signed out when the session is over, and not while the server is away', async () => {
  keepTokens(tokens('first'));
  vi.setSystemTime(Date.parse('2026-01-01T01:00:00Z'));
  exchange.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await expect(freshToken()).rejects.toThrow('Failed to fetch');
  expect(readToken()).toBe('first');
  exchange.mockResolvedValueOnce(null);
  expect(await freshToken()).toBeNull();
  expect(readToken()).toBeNull();
});

it('leaves the token of a link as it is', async () => {
  keepToken('automl_link');
  vi.setSystemTime(Date.parse('2030-01-01T00:00:00Z'));
  expect(await freshToken()).toBe('automl_link');
  expect(exchange).not.toHaveBeenCalled();
});

it('is signed out with the other tabs', () => {
  keepTokens(tokens('first'));
  localStorage.removeItem('automl.token');
  expect(readToken()).toBeNull();
});

it('lasts as long as the page where the browser forbids storage', () => {
  const refused = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new Error('forbidden');
  });
  keepToken('automl_link');
  refused.mockRestore();
  expect(readToken()).toBe('automl_link');
});
