import { useState } from 'react';
import type { WebhookEvent } from '../../gql/graphql';
import { refusalAt, type FieldFailure } from '../../lib/failure';
import { TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { CHOOSABLE, EVENTS } from './webhookWords';

type WebhookValues = { url: string; events: readonly WebhookEvent[] };

type WebhookFormProps = {
  button: string;
  ariaLabel?: string;
  size?: 'small' | 'medium';
  title: string;
  verb: string;
  /** What stands in the form when it opens. */
  before: WebhookValues;
  onOpen?: () => void;
  onSubmit: (values: { url: string; events: WebhookEvent[] }) => Promise<readonly FieldFailure[] | undefined>;
};

/** Where messages go and what they tell; for a new webhook and for one that is changed. */
export function WebhookForm({ button, ariaLabel, size, title, verb, before, onOpen, onSubmit }: WebhookFormProps) {
  const [url, setUrl] = useState(before.url);
  const [events, setEvents] = useState(before.events);
  const [refused, setRefused] = useState<string | null>(null);
  const toggle = (event: WebhookEvent) => setEvents(events.includes(event) ? events.filter((one) => one !== event) : [...events, event]);
  const submit = async () => {
    const { here, elsewhere } = await refusalAt('url', () => onSubmit({ url: url.trim(), events: CHOOSABLE.filter((event) => events.includes(event)) }));
    setRefused(here);
    return elsewhere ?? (here === null ? null : false);
  };
  return (
    <FormDialog
      button={button}
      ariaLabel={ariaLabel}
      size={size}
      title={title}
      verb={verb}
      ready={url.trim() !== '' && events.length > 0}
      onOpen={() => {
        setUrl(before.url);
        setEvents(before.events);
        setRefused(null);
        onOpen?.();
      }}
      onSubmit={submit}
    >
      <TextInput
        label="Address"
        hint="Messages are posted there. It begins with https:// and is reached from the internet."
        error={refused}
        required
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        maxLength={2000}
        placeholder="https://example.com/hook"
        value={url}
        onChange={(event) => {
          setUrl(event.target.value);
          setRefused(null);
        }}
      />
      <fieldset>
        <legend className="mb-1 font-medium">It is told when</legend>
        {CHOOSABLE.map((event) => (
          <label key={event} className="flex items-start gap-3 py-1">
            <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" checked={events.includes(event)} onChange={() => toggle(event)} />
            <span>
              {EVENTS[event].name}
              <span className="block text-xs text-muted">{EVENTS[event].meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}
