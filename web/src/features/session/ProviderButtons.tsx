import { useEffect, useState } from 'react';
import { describeFailure } from '../../lib/failure';
import { providerName, useProviders, type Provider } from '../../lib/providers';
import { Button } from '../../ui/Button';
import { buttonClass } from '../../ui/buttonStyle';
import { Callout } from '../../ui/Callout';

/** Ways in by other providers, one button each; nothing where the server has none, or none that answers. */
export function ProviderButtons() {
  const providers = useProviders().filter((provider) => provider.authorizationEndpoint !== null);
  const [leaving, setLeaving] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    // Back from the provider's page by the browser's own button: this page is as it was when it was left.
    const stay = () => setLeaving(null);
    window.addEventListener('pageshow', stay);
    return () => window.removeEventListener('pageshow', stay);
  }, []);
  const leave = async (provider: Provider) => {
    setFailure(null);
    setLeaving(provider.issuer);
    try {
      const { begin } = await import('../../lib/elsewhere');
      location.assign(await begin(provider, location.pathname + location.search + location.hash));
    } catch (error) {
      setLeaving(null);
      setFailure(describeFailure(error));
    }
  };
  if (providers.length === 0) return null;
  return (
    <div className="mt-5 grid gap-3 border-t border-line pt-5">
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      {providers.map((provider) => {
        const home = new URL(provider.redirectUri);
        // The provider sends browsers to the server's public address alone, and what is noted here could not be read there.
        return home.origin === location.origin ? (
          <Button key={provider.issuer} busy={leaving === provider.issuer} disabled={leaving !== null} onClick={() => void leave(provider)}>
            Sign in with {providerName(provider)}
          </Button>
        ) : (
          <a key={provider.issuer} href={`${home.origin}/sign-in`} className={`text-center ${buttonClass()}`}>
            Sign in with {providerName(provider)} at {home.host}
          </a>
        );
      })}
    </div>
  );
}
