import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { BulkActions } from '../features/history/BulkActions';
import { HistoryFilters } from '../features/history/HistoryFilters';
import { HistoryList } from '../features/history/HistoryList';
import { isFiltered, variablesOf, type HistorySearch } from '../features/history/search';
import { graphql } from '../gql';
import { formatCounted } from '../lib/format';
import { isTerminal } from '../lib/words';
import { useCalm } from '../lib/useCalm';
import { Button } from '../ui/Button';
import { buttonClass } from '../ui/buttonStyle';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { Loading } from '../ui/Loading';
import { More } from '../ui/More';
import { PageHeading } from '../ui/PageHeading';

const HistoryQuery = graphql(`
  query History($first: Int!, $after: String, $filter: JobFilter, $orderBy: JobOrder) {
    jobs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      ...HistoryList_jobs
      edges {
        node {
          id
          state
        }
      }
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const PAGE = 25;
const FRESH_MILLISECONDS = 5000;

const route = getRouteApi('/jobs');

/** Every job there is: found again by filters that stand in the URL, so that a list can be kept and sent. */
export function HistoryPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { data, previousData, error, loading, networkStatus, refetch, fetchMore } = useCalm(useQuery(HistoryQuery, {
    variables: { first: PAGE, ...variablesOf(search) },
    fetchPolicy: 'cache-and-network',
    notifyOnNetworkStatusChange: true,
  }));
  // While another list is on its way the one from before stays, so that nothing jumps under the hand.
  const jobs = (data ?? previousData)?.jobs;
  const edges = jobs?.edges ?? [];
  const fresh = edges.length <= PAGE && edges.some((edge) => !isTerminal(edge.node.state));
  useEffect(() => {
    if (!fresh) return;
    const timer = setInterval(() => void refetch(), FRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, [fresh, refetch]);
  const change = (next: HistorySearch) => {
    setSelected(new Set());
    void navigate({ search: next, replace: true });
  };
  const pages = jobs?.pageInfo;
  return (
    <div className="space-y-6">
      <PageHeading
        title="Jobs"
        beside={
          <Link to="/" className={buttonClass('primary')}>
            New job
          </Link>
        }
      >
        <span aria-live="polite">{jobs?.totalCount !== undefined && jobs.totalCount !== null ? formatCounted(jobs.totalCount, isFiltered(search) ? 'job found' : 'job', isFiltered(search) ? 'jobs found' : 'jobs') : ' '}</span>
      </PageHeading>
      <Card>
        <HistoryFilters search={search} onChange={change} />
      </Card>
      {error ? <FailureCallout title="The jobs could not be loaded" error={error} onRetry={() => void refetch()} /> : null}
      <Card className={loading && data === undefined ? 'opacity-70' : ''}>
        {selected.size > 0 ? (
          <div className="mb-4">
            <BulkActions
              selected={selected}
              onDone={(left) => {
                setSelected(left);
                void refetch();
              }}
            />
          </div>
        ) : null}
        {jobs ? (
          edges.length > 0 ? (
            <HistoryList jobs={jobs} selected={selected} onSelect={setSelected} />
          ) : (
            <Nothing filtered={isFiltered(search)} onAll={() => change({ sort: search.sort })} />
          )
        ) : loading ? (
          <Loading label="Loading the jobs" lines={6} />
        ) : (
          <p className="text-muted">Not available.</p>
        )}
        <More pages={pages} busy={networkStatus === NetworkStatus.fetchMore} onMore={(after) => void fetchMore({ variables: { after } })} />
      </Card>
    </div>
  );
}

function Nothing({ filtered, onAll }: { filtered: boolean; onAll: () => void }) {
  if (!filtered) return <p className="text-muted">None yet. The jobs that you start are listed here, with what became of them.</p>;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-muted">No job is like that.</p>
      <Button onClick={onAll}>Show all</Button>
    </div>
  );
}
