// The OpenID providers at which people of this server sign in, as the server names them: asked without a token, once a page.
import { useEffect, useState } from 'react';

export type Provider = {
  issuer: string;
  name: string | null;
  clientId: string;
  redirectUri: string;
  authorizationEndpoint: string | null;
  endSessionEndpoint: string | null;
  scopes: string[];
  audience: string | null;
};

let asked: Promise<Provider[]> | null = null;

/** The providers. A failure is not kept: the next one who asks tries again. */
export function readProviders(): Promise<Provider[]> {
  asked ??= ask().catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

async function ask(): Promise<Provider[]> {
  const response = await fetch('/v1/identity');
  if (!response.ok) throw new Error(`The server answered with status ${response.status}.`);
  const { identityProviders } = (await response.json()) as { identityProviders?: Provider[] };
  return identityProviders ?? [];
}

/** The providers as soon as they are known; none before, and none where the server does not tell: the other ways in stay. */
export function useProviders(): Provider[] {
  const [providers, setProviders] = useState<Provider[]>([]);
  useEffect(() => {
    let gone = false;
    readProviders().then(
      (found) => {
        if (!gone) setProviders(found);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, []);
  return providers;
}

/** What people call a provider: the name of the settings, or its host. */
export function providerName({ name, issuer }: Pick<Provider, 'name' | 'issuer'>): string {
  return name ?? new URL(issuer).host;
}

/** Where a browser goes to sign out there, and comes back from; null where the provider has no such place. */
export function signOutAddress(provider: Provider): string | null {
  if (provider.endSessionEndpoint === null) return null;
  const address = new URL(provider.endSessionEndpoint);
  const back = new URL('/sign-in', provider.redirectUri).href;
  address.searchParams.set('client_id', provider.clientId);
  address.searchParams.set('post_logout_redirect_uri', back);
  // What Cognito calls the same.
  address.searchParams.set('logout_uri', back);
  return address.href;
}
