// By which provider this browser's session began, so that signing out can offer to sign out there too. Only its identifier is kept.

const CAME = 'automl.provider';
const LEFT = 'automl.left';

/** Notes where a session began; null: here. */
export function noteCameBy(issuer: string | null): void {
  try {
    if (issuer === null) localStorage.removeItem(CAME);
    else localStorage.setItem(CAME, issuer);
    sessionStorage.removeItem(LEFT);
  } catch {
    // A browser that keeps nothing offers nothing.
  }
}

/** The provider by which the session began; null: none, or it is not known. */
export function readCameBy(): string | null {
  return read(() => localStorage.getItem(CAME));
}

/** The session is over because its owner ended it: this tab offers the rest. */
export function noteLeft(): void {
  const issuer = readCameBy();
  noteCameBy(null);
  try {
    if (issuer !== null) sessionStorage.setItem(LEFT, issuer);
  } catch {
    // As above.
  }
}

/** The provider at which whoever signed out in this tab is probably still signed in. */
export function readLeft(): string | null {
  return read(() => sessionStorage.getItem(LEFT));
}

function read(get: () => string | null): string | null {
  try {
    return get();
  } catch {
    return null;
  }
}
