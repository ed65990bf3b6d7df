import { Link } from '@tanstack/react-router';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo } from '../../lib/format';
import { wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { DELIVERY_STATES, EVENTS, fateOf } from './webhookWords';

const DeliveryListWebhook = graphql(`
  fragment DeliveryList_webhook on Webhook {
    id
    deliveries {
      messageId
      event
      state
      attempts
      status
      error
      createdAt
      nextAttemptAt
      sentAt
      job {
        id
        name
      }
    }
  }
`);

/** The last messages of a webhook and what became of each. */
export function DeliveryList({ webhook, now }: { webhook: FragmentType<typeof DeliveryListWebhook>; now: number }) {
  const { deliveries } = readFragment(DeliveryListWebhook, webhook);
  return (
    <ol className="mt-2 divide-y divide-line rounded-xl bg-sunken px-3">
      {deliveries.map((delivery) => {
        const state = wordsOf(DELIVERY_STATES, delivery.state);
        const fate = fateOf(delivery, now);
        return (
          <li key={delivery.messageId} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-2 text-xs">
            <span className="w-20">
              <Badge tone={state.tone}>{state.name}</Badge>
            </span>
            <span className="min-w-0 flex-1 basis-48 break-words">
              {wordsOf(EVENTS, delivery.event).name}
              {delivery.job ? (
                <>
                  {': '}
                  <Link to="/jobs/$jobId" params={{ jobId: delivery.job.id }} className="text-accent underline">
                    {delivery.job.name}
                  </Link>
                </>
              ) : null}
              {fate === '' ? null : <span className="block text-muted">{fate}</span>}
            </span>
            <time dateTime={delivery.createdAt} className="text-muted">
              {formatAgo(Date.parse(delivery.createdAt), now)}
            </time>
          </li>
        );
      })}
    </ol>
  );
}
