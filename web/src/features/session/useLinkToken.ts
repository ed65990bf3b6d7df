import { useState } from 'react';

/** The token behind `#token=` of a mailed link, or null. It is taken out of the address bar and the history at once. */
export function useLinkToken(): string | null {
  const [token] = useState(() => {
    const found = new URLSearchParams(location.hash.slice(1)).get('token');
    if (found !== null) history.replaceState(history.state, '', location.pathname);
    return found === '' ? null : found;
  });
  return token;
}
