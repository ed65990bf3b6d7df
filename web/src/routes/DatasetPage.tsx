import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { AssociationsCard } from '../features/datasets/AssociationsCard';
import { ColumnTable } from '../features/datasets/ColumnTable';
import { DatasetFacts } from '../features/datasets/DatasetFacts';
import { DatasetHeading } from '../features/datasets/DatasetHeading';
import { DatasetLive } from '../features/datasets/DatasetLive';
import { readOverrides, writeOverrides, type Overrides } from '../features/datasets/overrides';
import { PreviewTable } from '../features/datasets/PreviewTable';
import { TargetPicker } from '../features/datasets/TargetPicker';
import { useTargetAdvice } from '../features/datasets/useTargetAdvice';
import { graphql } from '../gql';
import { isUnknownId } from '../lib/failure';
import { useCalm } from '../lib/useCalm';
import { buttonClass } from '../ui/buttonStyle';
import { Callout } from '../ui/Callout';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { ProgressBar } from '../ui/ProgressBar';
import { NotFound } from './NotFound';

// Of each column only what the list shows: histograms and the like of a thousand columns are megabytes.
const DatasetQuery = graphql(`
  query Dataset($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        state
        error
        version
        ...DatasetHeading_dataset
        profile {
          columns {
            name
            role
          }
          ...DatasetFacts_profile
          ...TargetPicker_profile
          ...AssociationsCard_profile
          ...ColumnTable_profile
        }
      }
    }
  }
`);

const route = getRouteApi('/datasets/$datasetId');
const NO_COLUMNS: readonly [] = [];

/** What is in a table, and which of its columns shall be predicted. */
export function DatasetPage() {
  const { datasetId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, loading, refetch } = useCalm(useQuery(DatasetQuery, { variables: { id: datasetId }, fetchPolicy: 'cache-and-network' }));
  const dataset = data?.node?.__typename === 'Dataset' ? data.node : null;
  const profile = dataset?.profile;
  const columns = profile?.columns ?? NO_COLUMNS;
  const target = columns.find((column) => column.name === search.target)?.name ?? null;
  const overrides = useMemo(() => readOverrides(search.roles, columns), [search.roles, columns]);
  const advice = useTargetAdvice(datasetId, columns);

  const choose = useCallback((column: string) => void navigate({ search: (before) => ({ ...before, target: column }), replace: true, resetScroll: false }), [navigate]);
  const override = useCallback(
    (after: Overrides) => void navigate({ search: (before) => ({ ...before, roles: writeOverrides(after, columns) }), replace: true, resetScroll: false }),
    [navigate, columns],
  );

  if (!dataset) {
    if (error && !isUnknownId(error)) return <FailureCallout title="The dataset could not be loaded" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Loading the dataset" /> : <NotFound what="dataset" />;
  }
  return (
    <div className="space-y-6">
      <DatasetHeading dataset={dataset} />
      {dataset.state === 'UPLOADING' || dataset.state === 'PROFILING' ? (
        <>
          <DatasetLive id={dataset.id} onChange={() => void refetch()} />
          <Card title="The table is being read" note="Types, missing values and distributions of every column; large tables take a minute.">
            <ProgressBar label="Reading the table" share={null} />
          </Card>
        </>
      ) : null}
      {dataset.state === 'FAILED' ? (
        <Callout
          tone="bad"
          title="This table could not be read"
          action={
            <Link to="/" className={buttonClass('plain', 'small')}>
              Choose another file
            </Link>
          }
        >
          <p>{dataset.error ?? 'The server gave no reason.'}</p>
        </Callout>
      ) : null}
      {profile ? (
        <>
          <DatasetFacts profile={profile} />
          {advice.error ? <FailureCallout title="What can be predicted could not be loaded" error={advice.error} onRetry={advice.retry} /> : null}
          <TargetPicker datasetId={dataset.id} profile={profile} adviceOn={advice.of} target={target} roles={search.roles} onChoose={choose} />
          <AssociationsCard profile={profile} target={target} />
          <ColumnTable
            datasetId={dataset.id}
            profile={profile}
           
            target={target}
            targets={advice.usable}
            overrides={overrides}
            onOverrides={override}
            onChoose={choose}
          />
          <PreviewTable datasetId={dataset.id} columns={columns.map((column) => column.name)} />
        </>
      ) : null}
    </div>
  );
}
