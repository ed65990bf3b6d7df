import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { DatasetList } from '../features/datasets/DatasetList';
import { DATASET_SORTS, datasetVariables, type DatasetListSearch, type DatasetSort } from '../features/datasets/listSearch';
import { graphql } from '../gql';
import { formatCounted } from '../lib/format';
import { buttonClass } from '../ui/buttonStyle';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { SelectInput } from '../ui/Field';
import { Loading } from '../ui/Loading';
import { More } from '../ui/More';
import { PageHeading } from '../ui/PageHeading';
import { SearchInput } from '../ui/SearchInput';

const DatasetsQuery = graphql(`
  query Datasets($first: Int!, $after: String, $filter: DatasetFilter, $orderBy: DatasetOrder) {
    datasets(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      ...DatasetList_datasets
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const PAGE = 25;
const route = getRouteApi('/datasets');

/** Every dataset there is, found by its name. */
export function DatasetsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, previousData, error, loading, networkStatus, refetch, fetchMore } = useQuery(DatasetsQuery, {
    variables: { first: PAGE, ...datasetVariables(search) },
    fetchPolicy: 'cache-and-network',
    notifyOnNetworkStatusChange: true,
  });
  // While another list is on its way the one from before stays, so that nothing jumps under the hand.
  const datasets = (data ?? previousData)?.datasets;
  const pages = datasets?.pageInfo;
  const count = datasets?.totalCount;
  const change = (next: DatasetListSearch) => void navigate({ search: next, replace: true });
  return (
    <div className="space-y-6">
      <PageHeading
        title="Datasets"
        beside={
          <Link to="/" className={buttonClass('primary')}>
            Add a table
          </Link>
        }
      >
        <span aria-live="polite">{count !== undefined && count !== null ? formatCounted(count, search.text ? 'dataset found' : 'dataset', search.text ? 'datasets found' : 'datasets') : ' '}</span>
      </PageHeading>
      <Card>
        <form role="search" aria-label="Datasets" className="grid gap-3 sm:grid-cols-[2fr_1fr]" onSubmit={(event) => event.preventDefault()}>
          <SearchInput label="Search" placeholder="Name or file" value={search.text ?? ''} onSettled={(text) => change({ ...search, text: text || undefined })} />
          <SelectInput label="Order" value={search.sort ?? 'newest'} onChange={(event) => change({ ...search, sort: event.target.value as DatasetSort })}>
            {Object.entries(DATASET_SORTS).map(([sort, { name }]) => (
              <option key={sort} value={sort}>
                {name}
              </option>
            ))}
          </SelectInput>
        </form>
      </Card>
      {error ? <FailureCallout title="The datasets could not be loaded" error={error} onRetry={() => void refetch()} /> : null}
      <Card className={loading && data === undefined ? 'opacity-70' : ''}>
        {datasets ? (
          <>
            <DatasetList datasets={datasets} />
            {count === 0 ? (
              <p className="text-muted">{search.text ? 'No dataset has such a name.' : 'None yet. The tables that you add are listed here.'}</p>
            ) : null}
          </>
        ) : loading ? (
          <Loading label="Loading the datasets" lines={6} />
        ) : (
          <p className="text-muted">Not available.</p>
        )}
        <More pages={pages} busy={networkStatus === NetworkStatus.fetchMore} onMore={(after) => void fetchMore({ variables: { after } })} />
      </Card>
    </div>
  );
}
