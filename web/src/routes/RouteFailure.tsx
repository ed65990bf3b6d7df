import { describeFailure } from '../lib/failure';
import { Button } from '../ui/Button';
import { Callout } from '../ui/Callout';

/** A page that could not be drawn, for instance because its code did not arrive. */
export function RouteFailure({ error }: { error: unknown }) {
  return (
    <Callout tone="bad" title="This page could not be shown" action={<Button size="small" onClick={() => location.reload()}>Reload</Button>}>
      <p>{describeFailure(error)}</p>
    </Callout>
  );
}
