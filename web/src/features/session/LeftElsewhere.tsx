import { useState } from 'react';
import { noteCameBy, readLeft } from '../../lib/cameBy';
import { providerName, signOutAddress, useProviders } from '../../lib/providers';
import { Callout } from '../../ui/Callout';

/** After a sign-out of somebody who came by a provider: they are still signed in there, and the next one at this browser would be too. */
export function LeftElsewhere() {
  const [left] = useState(readLeft);
  const provider = useProviders().find(({ issuer }) => issuer === left);
  const address = provider ? signOutAddress(provider) : null;
  if (!provider || address === null) return null;
  const name = providerName(provider);
  return (
    <div className="mx-auto mb-6 max-w-md">
      <Callout title="You are signed out here">
        <p>You may still be signed in at {name}: at a browser that others use, sign out there as well.</p>
        <p className="mt-1">
          <a href={address} className="text-accent underline" onClick={() => noteCameBy(null)}>
            Also sign out at {name}
          </a>
        </p>
      </Callout>
    </div>
  );
}
