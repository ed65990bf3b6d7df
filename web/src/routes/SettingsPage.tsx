import { useQuery } from '@apollo/client/react';
import { EmailForm } from '../features/settings/EmailForm';
import { NotificationSwitches } from '../features/settings/NotificationSwitches';
import { SignOutButtons } from '../features/settings/SignOutButtons';
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
      <PageHeading title="Settings">Where and when you hear about your jobs.</PageHeading>
      <Card title="Your address">
        <EmailForm user={user} />
      </Card>
      <Card title="Mail">
        <NotificationSwitches user={user} />
      </Card>
      <Card title="This browser" note="You are signed in here until you sign out, or do not come by for 30 days.">
        <SignOutButtons />
      </Card>
    </div>
  );
}
