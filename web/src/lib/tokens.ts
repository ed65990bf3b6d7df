// What a browser keeps of a session: the token of a printed link, or a pair of which the first is short-lived.

export type Pair = {
  accessToken: string;
  /** Milliseconds since the epoch, by this browser's clock. */
  expiresAt: number;
  refreshToken: string;
};

/** A token is exchanged this long before it ends, so that no request is on its way with one that ends meanwhile. */
const EARLY_MILLISECONDS = 60_000;

/** What was kept, from its text: a pair, or a token alone. */
export function parseKept(text: string | null): Pair | string | null {
  if (text === null || text === '') return null;
  if (!text.startsWith('{')) return text;
  try {
    const read: unknown = JSON.parse(text);
    return isPair(read) ? read : null;
  } catch {
    return null;
  }
}

function isPair(read: unknown): read is Pair {
  if (typeof read !== 'object' || read === null) return false;
  const { accessToken, expiresAt, refreshToken } = read as Partial<Record<keyof Pair, unknown>>;
  return typeof accessToken === 'string' && typeof expiresAt === 'number' && typeof refreshToken === 'string';
}

/** A pair as the server gave it. Its end is counted from now by the token's own length: the two clocks may differ by hours. */
export function pairOf(tokens: { accessToken: string; accessTokenExpiresAt: string; refreshToken: string }, now: number): Pair {
  const length = lengthOf(tokens.accessToken);
  const expiresAt = length === null ? Date.parse(tokens.accessTokenExpiresAt) : now + length * 1000;
  return { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken, expiresAt };
}

/** Seconds for which a JWT is good, by its own claims. */
function lengthOf(token: string): number | null {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { iat, exp } = JSON.parse(atob(payload)) as { iat?: unknown; exp?: unknown };
    return typeof iat === 'number' && typeof exp === 'number' && exp > iat ? exp - iat : null;
  } catch {
    return null;
  }
}

/** Whether it has to be exchanged before it is sent once more. */
export function isStale(kept: Pair | string, now: number): boolean {
  return typeof kept !== 'string' && kept.expiresAt - EARLY_MILLISECONDS <= now;
}
