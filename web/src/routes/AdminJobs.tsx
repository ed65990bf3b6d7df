import { useQuery } from '@apollo/client/react';
import { getRouteApi } from '@tanstack/react-router';
import { AdminFilters } from '../features/admin/AdminFilters';
import { AdminJobList } from '../features/admin/AdminJobList';
import { JOB_SETS, jobFilterOf, type AdminSearch } from '../features/admin/tabs';
import { graphql } from '../gql';
import { Button } from '../ui/Button';
import { Callout } from '../ui/Callout';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { Loading } from '../ui/Loading';
import { More } from '../ui/More';

const AdminJobsQuery = graphql(`
  query AdminJobs($first: Int!, $after: String, $filter: JobFilter, $person: ID, $personId: ID!, $withPerson: Boolean!) {
    admin {
      jobs(first: $first, after: $after, filter: $filter, ownerId: $person) {
        ...AdminJobList_jobs
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      user(id: $personId) @include(if: $withPerson) {
        id
        name
      }
    }
  }
`);

const PAGE = 25;
const route = getRouteApi('/admin');

/** Everybody's jobs, or those of one person. */
export function AdminJobs() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, previousData, error, refetch, fetchMore } = useQuery(AdminJobsQuery, {
    variables: { first: PAGE, filter: jobFilterOf(search), person: search.person ?? null, personId: search.person ?? '', withPerson: search.person !== undefined },
    fetchPolicy: 'cache-and-network',
  });
  const admin = (data ?? previousData)?.admin;
  const change = (next: Partial<AdminSearch>) => void navigate({ search: { ...search, ...next }, replace: true });
  return (
    <Card>
      <AdminFilters
        label="Jobs"
        textLabel="Name, target or note"
        text={search.text ?? ''}
        onText={(text) => change({ text: text || undefined })}
        setLabel="State"
        sets={JOB_SETS}
        set={search.jobs ?? ''}
        onSet={(jobs) => change({ jobs: (jobs || undefined) as AdminSearch['jobs'] })}
      />
      {search.person !== undefined ? (
        <div className="mb-5">
          <Callout
            title={`Only the jobs of ${admin?.user?.name ?? 'one person'}`}
            action={
              <Button size="small" onClick={() => change({ person: undefined })}>
                Everybody’s
              </Button>
            }
          />
        </div>
      ) : null}
      {admin?.jobs ? (
        <AdminJobList jobs={admin.jobs} />
      ) : error ? (
        <FailureCallout title="The jobs could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label="Loading the jobs" />
      )}
      <More pages={admin?.jobs?.pageInfo} onMore={(after) => void fetchMore({ variables: { after } })} />
    </Card>
  );
}
