import { describeFailure } from '../lib/failure';
import { Button } from './Button';
import { Callout } from './Callout';

/** What to show when a page's query failed. */
export function FailureCallout({ error, title, onRetry }: { error: unknown; title: string; onRetry?: () => void }) {
  return (
    <Callout tone="bad" title={title} action={onRetry ? <Button size="small" onClick={onRetry}>Try again</Button> : undefined}>
      <p>{describeFailure(error)}</p>
    </Callout>
  );
}
