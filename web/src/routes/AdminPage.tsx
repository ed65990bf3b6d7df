import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { AuditList } from '../features/admin/AuditList';
import { DeadTasksCard } from '../features/admin/DeadTasksCard';
import { PeopleList } from '../features/admin/PeopleList';
import { QueueCard } from '../features/admin/QueueCard';
import { TABS, type Tab } from '../features/admin/tabs';
import { WorkersCard } from '../features/admin/WorkersCard';
import { graphql } from '../gql';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { TextInput } from '../ui/Field';
import { Loading } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';

const AdminQueueQuery = graphql(`
  query AdminQueue {
    admin {
      queue {
        ...QueueCard_queue
      }
      workers(first: 50) {
        ...WorkersCard_workers
      }
      deadTasks(first: 20) {
        ...DeadTasksCard_tasks
      }
    }
  }
`);

const AdminPeopleQuery = graphql(`
  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {
    viewer {
      id
    }
    admin {
      users(first: $first, after: $after, filter: $filter) {
        ...PeopleList_users
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const AdminAuditQuery = graphql(`
  query AdminAudit($first: Int!, $after: String) {
    admin {
      auditLog(first: $first, after: $after) {
        ...AuditList_entries
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const PAGE = 25;
const FRESH_MILLISECONDS = 3000;
const route = getRouteApi('/admin');

/** What an administrator looks after: the queue and its workers, people, and who did what. */
export function AdminPage() {
  const { tab = 'queue' } = route.useSearch();
  return (
    <div className="space-y-6">
      <PageHeading title="Administration" />
      <nav aria-label="Parts" className="flex flex-wrap gap-1 border-b border-line">
        {(Object.keys(TABS) as Tab[]).map((one) => (
          <Link
            key={one}
            to="/admin"
            search={one === 'queue' ? {} : { tab: one }}
            aria-current={one === tab ? 'page' : undefined}
            className={`-mb-px border-b-2 px-3 py-2 ${one === tab ? 'border-accent font-medium text-accent' : 'border-transparent text-muted hover:text-ink'}`}
          >
            {TABS[one]}
          </Link>
        ))}
      </nav>
      {tab === 'queue' ? <Queue /> : tab === 'people' ? <People /> : <Audit />}
    </div>
  );
}

function Queue() {
  const { data, error, refetch } = useQuery(AdminQueueQuery, { fetchPolicy: 'cache-and-network', pollInterval: FRESH_MILLISECONDS });
  const admin = data?.admin;
  if (!admin?.queue) return error ? <FailureCallout title="The queue could not be loaded" error={error} onRetry={() => void refetch()} /> : <Loading label="Loading the queue" />;
  const onChange = () => void refetch();
  return (
    <>
      <QueueCard queue={admin.queue} onChange={onChange} />
      {admin.workers ? <WorkersCard workers={admin.workers} onChange={onChange} /> : null}
      {admin.deadTasks ? <DeadTasksCard tasks={admin.deadTasks} onChange={onChange} /> : null}
    </>
  );
}

function People() {
  const { text } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(text ?? '');
  const { data, previousData, error, refetch, fetchMore } = useQuery(AdminPeopleQuery, {
    variables: { first: PAGE, filter: text === undefined ? null : { text } },
    fetchPolicy: 'cache-and-network',
  });
  const shown = data ?? previousData;
  const users = shown?.admin?.users;
  return (
    <Card>
      <form
        role="search"
        aria-label="People"
        className="mb-5 flex max-w-md items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ search: { tab: 'people', text: typed.trim() || undefined }, replace: true });
        }}
      >
        <div className="min-w-0 flex-1">
          <TextInput label="Name or address" type="search" maxLength={200} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <Button type="submit">Search</Button>
      </form>
      {users ? (
        <PeopleList users={users} viewerId={shown.viewer?.id ?? ''} />
      ) : error ? (
        <FailureCallout title="The accounts could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label="Loading the accounts" />
      )}
      <More pages={users?.pageInfo} onMore={(after) => void fetchMore({ variables: { after } })} />
    </Card>
  );
}

function Audit() {
  const { data, error, refetch, fetchMore } = useQuery(AdminAuditQuery, { variables: { first: PAGE }, fetchPolicy: 'cache-and-network' });
  const entries = data?.admin?.auditLog;
  return (
    <Card title="Audit log" note="Each entry is chained to the one before by its hash; “automl admin audit verify” checks the chain.">
      {entries ? (
        <AuditList entries={entries} />
      ) : error ? (
        <FailureCallout title="The audit log could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label="Loading the audit log" />
      )}
      <More pages={entries?.pageInfo} onMore={(after) => void fetchMore({ variables: { after } })} />
    </Card>
  );
}

function More({ pages, onMore }: { pages: { hasNextPage: boolean; endCursor: string | null } | undefined; onMore: (after: string | null) => void }) {
  if (!pages?.hasNextPage) return null;
  return (
    <div className="mt-4">
      <Button onClick={() => onMore(pages.endCursor)}>Show more</Button>
    </div>
  );
}
