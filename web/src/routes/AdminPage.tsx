import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { DeadTasksCard } from '../features/admin/DeadTasksCard';
import { QueueCard } from '../features/admin/QueueCard';
import { ServerLimitsCard } from '../features/admin/ServerLimitsCard';
import { TABS, type Tab } from '../features/admin/tabs';
import { WorkersCard } from '../features/admin/WorkersCard';
import { graphql } from '../gql';
import { FailureCallout } from '../ui/FailureCallout';
import { Loading } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { partClass, PARTS_LINE } from '../ui/partStyle';
import { ScrollLine } from '../ui/ScrollLine';
import { AdminAudit } from './AdminAudit';
import { AdminJobs } from './AdminJobs';
import { AdminPeople } from './AdminPeople';
import { useCalm } from '../lib/useCalm';

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

const AdminLimitsQuery = graphql(`
  query AdminLimits {
    admin {
      limits {
        ...ServerLimitsCard_limits
      }
    }
  }
`);

const FRESH_MILLISECONDS = 3000;
const route = getRouteApi('/admin');

/** What an administrator looks after: the queue and its workers, everybody's jobs, people and their limits, and who did what. */
export function AdminPage() {
  const { tab = 'queue' } = route.useSearch();
  return (
    <div className="space-y-6">
      <PageHeading title="Administration" />
      <ScrollLine label="Parts" here={tab} className={PARTS_LINE}>
        {(Object.keys(TABS) as Tab[]).map((one) => (
          <Link
            key={one}
            to="/admin"
            search={one === 'queue' ? {} : { tab: one }}
            // Without it the first part counts as shown beside every other one.
            activeOptions={{ exact: true }}
            aria-current={one === tab ? 'page' : undefined}
            className={partClass(one === tab)}
          >
            {TABS[one]}
          </Link>
        ))}
      </ScrollLine>
      {tab === 'queue' ? <Queue /> : tab === 'jobs' ? <AdminJobs /> : tab === 'people' ? <AdminPeople /> : tab === 'limits' ? <Limits /> : <AdminAudit />}
    </div>
  );
}

function Queue() {
  const { data, error, refetch } = useCalm(useQuery(AdminQueueQuery, { fetchPolicy: 'cache-and-network', pollInterval: FRESH_MILLISECONDS }));
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

function Limits() {
  const { data, error, refetch } = useQuery(AdminLimitsQuery, { fetchPolicy: 'cache-and-network' });
  const limits = data?.admin?.limits;
  if (limits) return <ServerLimitsCard limits={limits} />;
  return error ? <FailureCallout title="The limits could not be loaded" error={error} onRetry={() => void refetch()} /> : <Loading label="Loading the limits" />;
}
