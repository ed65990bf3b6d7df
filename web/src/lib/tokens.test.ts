import { describe, expect, it } from 'vitest';
import { isStale, pairOf, parseKept } from './tokens';

const jwt = (claims: object) => `x.${btoa(JSON.stringify(claims)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.y`;

describe('what a browser keeps', () => {
  it('is a pair or a token alone', () => {
    const pair = { accessToken: 'a', expiresAt: 5, refreshToken: 'r' };
    expect(parseKept(JSON.stringify(pair))).toEqual(pair);
    expect(parseKept('automl_secret')).toBe('automl_secret');
    for (const text of [null, '', '{', '{}', '{"accessToken":"a","refreshToken":"r"}']) expect(parseKept(text)).toBeNull();
  });

  it('ends by the length of the token, whatever the server takes for now', () => {
    const told = { accessToken: jwt({ iat: 50_000, exp: 50_600 }), accessTokenExpiresAt: '1970-01-01T14:03:20Z', refreshToken: 'r' };
    expect(pairOf(told, 1_000_000).expiresAt).toBe(1_600_000);
    expect(pairOf({ ...told, accessToken: 'opaque' }, 1_000_000).expiresAt).toBe(50_600_000);
  });

  it('is exchanged a minute before its end', () => {
    const pair = { accessToken: 'a', expiresAt: 1_600_000, refreshToken: 'r' };
    expect(isStale(pair, 1_539_999)).toBe(false);
    expect(isStale(pair, 1_540_000)).toBe(true);
    expect(isStale('automl_secret', Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});
