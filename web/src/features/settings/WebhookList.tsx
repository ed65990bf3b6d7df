import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf, type UserFailure } from '../../lib/failure';
import { formatCounted } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { CopyButton } from '../../ui/CopyButton';
import { DeliveryList } from './DeliveryList';
import { WebhookForm } from './WebhookForm';
import { CHOOSABLE, EVENTS, standingOf } from './webhookWords';

const WebhookListWebhook = graphql(`
  fragment WebhookList_webhook on Webhook {
    id
    url
    events
    enabled
    failingSince
    disabledReason
    deliveries {
      messageId
    }
    ...DeliveryList_webhook
  }
`);

const CreateWebhook = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      secret
      userErrors {
        message
        field
      }
    }
  }
`);

const UpdateWebhook = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      webhook {
        ...WebhookList_webhook
      }
      userErrors {
        message
        field
      }
    }
  }
`);

const TestWebhook = graphql(`
  mutation TestWebhook($input: TestWebhookInput!) {
    testWebhook(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

const DeleteWebhook = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

/** One may have so many. */
const MOST = 10;

/** Addresses that are told when a job has ended: made, tried, paused, changed, deleted. */
export function WebhookList({ webhooks: masked }: { webhooks: readonly FragmentType<typeof WebhookListWebhook>[] }) {
  const webhooks = masked.map((one) => readFragment(WebhookListWebhook, one));
  const now = useNow(5000);
  const refetchQueries = ['SettingsPrograms'];
  const [create] = useMutation(CreateWebhook, { refetchQueries, fetchPolicy: 'no-cache' });
  const [update, updating] = useMutation(UpdateWebhook);
  const [test, testing] = useMutation(TestWebhook, { refetchQueries, awaitRefetchQueries: true });
  const [remove, removing] = useMutation(DeleteWebhook, { refetchQueries });
  const [secret, setSecret] = useState<string | null>(null);
  const [failure, setFailure] = useState<{ id: string; told: string } | null>(null);
  // Once a message was sent by hand, what became of it is what one wants to see.
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());

  const attempt = async (id: string, action: () => Promise<readonly UserFailure[] | undefined>) => {
    setFailure(null);
    const told = await refusalOf(action);
    if (told !== null) setFailure({ id, told });
    return told === null;
  };
  const show = (id: string, open: boolean) =>
    setOpened((before) => {
      const next = new Set(before);
      if (open) next.add(id);
      else next.delete(id);
      return next;
    });

  return (
    <div className="space-y-4">
      {secret !== null ? (
        <Callout tone="good" title="Copy the secret now: it is not shown again" action={<CopyButton text={secret}>Copy</CopyButton>}>
          <p>Every message is signed with it; check the signature before you trust one.</p>
          <code data-testid="webhook-secret" className="break-all">
            {secret}
          </code>
        </Callout>
      ) : null}
      {webhooks.length === 0 ? <p className="text-muted">None. A webhook is an address of yours that gets a message when a job has ended.</p> : null}
      <ul className="divide-y divide-line">
        {webhooks.map((webhook) => {
          const { id, url, enabled } = webhook;
          const standing = standingOf(webhook, now);
          return (
            <li key={id} className="space-y-2 py-4 first:pt-0 last:pb-0" aria-label={url}>
              <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="font-medium break-all">{url}</p>
                  <p className="text-xs text-muted">{webhook.events.map((event) => wordsOf(EVENTS, event).name).join(' · ')}</p>
                </div>
                <Badge tone={standing.tone}>{standing.name}</Badge>
              </div>
              {standing.note === null ? null : <p className="text-xs">{standing.note}</p>}
              <div className="flex flex-wrap gap-2">
                <Button
                  size="small"
                  busy={testing.loading}
                  disabled={!enabled}
                  aria-label={`Send a test to ${url}`}
                  onClick={() =>
                    void attempt(id, async () => (await test({ variables: { input: { id } } })).data?.testWebhook?.userErrors).then((sent) => {
                      if (sent) show(id, true);
                    })
                  }
                >
                  Send a test
                </Button>
                <WebhookForm
                  button="Change"
                  ariaLabel={`Change ${url}`}
                  size="small"
                  title="Change the webhook"
                  verb="Save"
                  before={webhook}
                  onSubmit={async (values) => (await update({ variables: { input: { id, ...values } } })).data?.updateWebhook?.userErrors}
                />
                <Button
                  size="small"
                  busy={updating.loading}
                  aria-label={`${enabled ? 'Pause' : 'Resume'} ${url}`}
                  onClick={() => void attempt(id, async () => (await update({ variables: { input: { id, enabled: !enabled } } })).data?.updateWebhook?.userErrors)}
                >
                  {enabled ? 'Pause' : 'Resume'}
                </Button>
                <ConfirmButton
                  look="remove"
                  size="small"
                  busy={removing.loading}
                  ariaLabel={`Delete ${url}`}
                  question="Delete this webhook?"
                  consequence={`Nothing more is sent to ${url}, and its messages are forgotten. Another one there gets another secret.`}
                  verb="Delete"
                  onConfirm={() => void attempt(id, async () => (await remove({ variables: { input: { id } } })).data?.deleteWebhook?.userErrors)}
                >
                  Delete
                </ConfirmButton>
              </div>
              {failure?.id === id ? <Callout tone="bad">{failure.told}</Callout> : null}
              {webhook.deliveries.length > 0 ? (
                <details open={opened.has(id)} onToggle={(event) => show(id, event.currentTarget.open)}>
                  <summary className="cursor-pointer text-xs text-accent" aria-label={`${lastWords(webhook.deliveries.length)} to ${url}`}>
                    {lastWords(webhook.deliveries.length)}
                  </summary>
                  <DeliveryList webhook={webhook} now={now} />
                </details>
              ) : (
                <p className="text-xs text-muted">Nothing was sent yet.</p>
              )}
            </li>
          );
        })}
      </ul>
      {webhooks.length < MOST ? (
        <div>
          <WebhookForm
            button="New webhook"
            title="An address to tell"
            verb="Make it"
            before={{ url: '', events: CHOOSABLE }}
            onOpen={() => setSecret(null)}
            onSubmit={async (values) => {
              const answer = (await create({ variables: { input: values } })).data?.createWebhook;
              if (answer?.secret) setSecret(answer.secret);
              return answer?.userErrors;
            }}
          />
        </div>
      ) : (
        <p className="text-xs text-muted">{formatCounted(MOST, 'webhook')} is as many as one may have.</p>
      )}
    </div>
  );
}

function lastWords(count: number): string {
  return count === 1 ? 'The last message' : `The last ${formatCounted(count, 'message')}`;
}
