import { useQuery } from '@apollo/client/react';
import { EmailForm } from '../features/settings/EmailForm';
import { NotificationSwitches } from '../features/settings/NotificationSwitches';
import { PasswordForms } from '../features/settings/PasswordForms';
import { SessionList } from '../features/settings/SessionList';
import { SignOutButtons } from '../features/settings/SignOutButtons';
import { TokenList } from '../features/settings/TokenList';
import { graphql } from '../gql';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';

const SettingsQuery = graphql(`
  query Settings {
    viewer {
      id
      ...EmailForm_user
      ...NotificationSwitches_user
      ...PasswordForms_user
      ...SessionList_user
      ...TokenList_user
    }
  }
`);

/** What a person can set for themselves. */
export function SettingsPage() {
  const { data, error, refetch } = useQuery(SettingsQuery, { fetchPolicy: 'cache-and-network' });
  const user = data?.viewer;
  if (!user) {
    if (error) return <FailureCallout title="The settings could not be loaded" error={error} onRetry={() => void refetch()} />;
    return <LoadingPage label="Loading the settings" />;
  }
  return (
    <div className="max-w-2xl space-y-6">
      <PageHeading title="Settings">Where you hear about your jobs, and how you come in.</PageHeading>
      <Card title="Your address">
        <EmailForm user={user} />
      </Card>
      <Card title="Mail">
        <NotificationSwitches user={user} />
      </Card>
      <Card title="Password">
        <PasswordForms user={user} />
      </Card>
      <Card title="Where you are signed in" note="A session goes on until you sign out, or do not come by for 30 days. One that began with a provider ends after some hours in any case.">
        <div className="space-y-5">
          <SessionList user={user} />
          <SignOutButtons />
        </div>
      </Card>
      <Card title="Tokens for scripts" note="Sent as “Authorization: Bearer”, for programs that ask this server.">
        <TokenList user={user} />
      </Card>
    </div>
  );
}
