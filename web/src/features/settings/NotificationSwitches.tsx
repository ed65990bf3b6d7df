import { useMutation } from '@apollo/client/react';
import { useId, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { Callout } from '../../ui/Callout';

const NotificationSwitchesUser = graphql(`
  fragment NotificationSwitches_user on User {
    id
    notificationPreferences {
      mail
      completed
      failed
    }
  }
`);

const UpdateNotificationPreferences = graphql(`
  mutation UpdateNotificationPreferences($input: UpdateNotificationPreferencesInput!) {
    updateNotificationPreferences(input: $input) {
      user {
        ...NotificationSwitches_user
      }
      userErrors {
        message
      }
    }
  }
`);

type Switch = 'mail' | 'completed' | 'failed';

const SWITCHES: readonly { name: Switch; label: string; hint: string }[] = [
  { name: 'mail', label: 'Mail about my jobs', hint: 'One mail when a job ends, never more.' },
  { name: 'completed', label: 'When a model is ready', hint: 'With its scores and a link to it.' },
  { name: 'failed', label: 'When a job fails', hint: 'With the reason and a link to try again.' },
];

/** What mail is sent about; each switch is kept at once. */
export function NotificationSwitches({ user: masked }: { user: FragmentType<typeof NotificationSwitchesUser> }) {
  const { notificationPreferences: preferences } = readFragment(NotificationSwitchesUser, masked);
  const [update, { loading }] = useMutation(UpdateNotificationPreferences);
  const [failure, setFailure] = useState<string | null>(null);
  const id = useId();

  const turn = async (name: Switch, on: boolean) => {
    setFailure(null);
    setFailure(await refusalOf(async () => (await update({ variables: { input: { [name]: on } } })).data?.updateNotificationPreferences?.userErrors));
  };

  return (
    <fieldset className="space-y-3" aria-busy={loading || undefined}>
      <legend className="sr-only">What to get mail about</legend>
      {SWITCHES.map(({ name, label, hint }) => {
        const idle = name !== 'mail' && !preferences.mail;
        return (
          <div key={name} className={`flex items-start gap-3 ${name === 'mail' ? '' : 'pl-7'}`}>
            <input
              id={`${id}-${name}`}
              type="checkbox"
              aria-describedby={`${id}-${name}-hint`}
              className="mt-1 size-4 shrink-0 accent-(--accent)"
              checked={preferences[name]}
              disabled={idle || loading}
              onChange={(event) => void turn(name, event.target.checked)}
            />
            <div className={idle ? 'opacity-50' : ''}>
              <label htmlFor={`${id}-${name}`} className="font-medium">
                {label}
              </label>
              <p id={`${id}-${name}-hint`} className="text-xs text-muted">
                {hint}
              </p>
            </div>
          </div>
        );
      })}
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
    </fieldset>
  );
}
