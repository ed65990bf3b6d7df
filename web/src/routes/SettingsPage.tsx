import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { EmailForm } from '../features/settings/EmailForm';
import { JobCosts } from '../features/settings/JobCosts';
import { NotificationSwitches } from '../features/settings/NotificationSwitches';
import { PARTS, type Part } from '../features/settings/parts';
import { PasswordForms } from '../features/settings/PasswordForms';
import { QuotaList } from '../features/quotas/QuotaList';
import { RateLimitFacts } from '../features/settings/RateLimitFacts';
import { SessionList } from '../features/settings/SessionList';
import { SignOutButtons } from '../features/settings/SignOutButtons';
import { TokenList } from '../features/settings/TokenList';
import { WebhookList } from '../features/settings/WebhookList';
import { lookAgainAfter } from '../features/settings/webhookWords';
import { graphql } from '../gql';
import { useNow } from '../lib/useNow';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { Loading, LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { partClass, PARTS_LINE } from '../ui/partStyle';
import { ScrollLine } from '../ui/ScrollLine';

const SettingsQuery = graphql(`
  query Settings {
    viewer {
      id
      ...EmailForm_user
      ...NotificationSwitches_user
      ...PasswordForms_user
      ...SessionList_user
    }
  }
`);

const SettingsProgramsQuery = graphql(`
  query SettingsPrograms {
    viewer {
      id
      ...TokenList_user
    }
    webhooks {
      id
      deliveries {
        messageId
        state
        createdAt
      }
      ...WebhookList_webhook
    }
  }
`);

const SettingsLimitsQuery = graphql(`
  query SettingsLimits($jobs: Int!, $filter: JobFilter, $orderBy: JobOrder) {
    viewer {
      id
      quotas {
        ...QuotaList_quotas
      }
    }
    rateLimit {
      ...RateLimitFacts_limit
    }
    jobs(first: $jobs, filter: $filter, orderBy: $orderBy) {
      ...JobCosts_jobs
    }
  }
`);

const JOBS = 10;
const CARDS = 'grid grid-cols-1 gap-6 lg:grid-cols-2';
const route = getRouteApi('/settings');

/** What a person can set for themselves, and what they may use. */
export function SettingsPage() {
  const { part = 'account' } = route.useSearch();
  return (
    <div className="space-y-6">
      <PageHeading title="Settings" tabTitle={part === 'account' ? undefined : `${PARTS[part]} – settings`}>
        Where you hear about your jobs, how you come in, and what you may use.
      </PageHeading>
      <ScrollLine label="Parts" here={part} className={PARTS_LINE}>
        {(Object.keys(PARTS) as Part[]).map((one) => (
          <Link
            key={one}
            to="/settings"
            search={one === 'account' ? {} : { part: one }}
            // Without it the first part counts as shown beside every other one.
            activeOptions={{ exact: true }}
            aria-current={one === part ? 'page' : undefined}
            className={partClass(one === part)}
          >
            {PARTS[one]}
          </Link>
        ))}
      </ScrollLine>
      {part === 'account' ? <Account /> : part === 'programs' ? <Programs /> : <Limits />}
    </div>
  );
}

function Account() {
  const { data, error, refetch } = useQuery(SettingsQuery, { fetchPolicy: 'cache-and-network' });
  const user = data?.viewer;
  if (!user) {
    if (error) return <FailureCallout title="The settings could not be loaded" error={error} onRetry={() => void refetch()} />;
    return <LoadingPage label="Loading the settings" />;
  }
  return (
    <div className={CARDS}>
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
    </div>
  );
}

function Programs() {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(SettingsProgramsQuery, { fetchPolicy: 'cache-and-network' });
  const user = data?.viewer;
  const now = useNow(10_000);
  const pause = lookAgainAfter(data?.webhooks?.flatMap((webhook) => webhook.deliveries) ?? [], now);
  useEffect(() => {
    if (pause === 0) return;
    startPolling(pause);
    return stopPolling;
  }, [pause, startPolling, stopPolling]);
  if (!user) {
    if (error) return <FailureCallout title="Tokens and webhooks could not be loaded" error={error} onRetry={() => void refetch()} />;
    return <LoadingPage label="Loading tokens and webhooks" />;
  }
  return (
    <div className={CARDS}>
      <Card title="Tokens for scripts" note="Sent as “Authorization: Bearer”, for programs that ask this server.">
        <TokenList user={user} />
      </Card>
      <Card title="Webhooks" note="Programs that this server tells, as a signed message over HTTPS.">
        <WebhookList webhooks={data.webhooks ?? []} />
      </Card>
    </div>
  );
}

function Limits() {
  const { data, error, refetch } = useQuery(SettingsLimitsQuery, {
    variables: { jobs: JOBS, filter: { state: ['COMPLETED', 'FAILED', 'CANCELLED'] }, orderBy: { field: 'FINISHED_AT', direction: 'DESC' } },
    fetchPolicy: 'cache-and-network',
  });
  if (!data?.viewer) {
    if (error) return <FailureCallout title="The limits could not be loaded" error={error} onRetry={() => void refetch()} />;
    return <LoadingPage label="Loading the limits" />;
  }
  return (
    <div className={`${CARDS} items-start`}>
      <Card title="What you may use" note="A day is one of UTC. What runs is never stopped by a limit; an administrator can change yours.">
        {data.viewer.quotas ? <QuotaList quotas={data.viewer.quotas} /> : <p className="text-muted">Not available.</p>}
      </Card>
      <div className="space-y-6">
        <Card title="Requests to this server">
          {data.rateLimit ? <RateLimitFacts limit={data.rateLimit} /> : <p className="text-muted">This server counts no requests.</p>}
        </Card>
        <Card title="What your last jobs took" note="Time that workers spent on them, failed tries included, and its price where the server has one. No bill is made of it.">
          {data.jobs ? <JobCosts jobs={data.jobs} /> : <Loading label="Loading the jobs" />}
        </Card>
      </div>
    </div>
  );
}
