import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ColumnTable } from '../features/datasets/ColumnTable';
import { DatasetFacts } from '../features/datasets/DatasetFacts';
import { DatasetLive } from '../features/datasets/DatasetLive';
import { PreviewTable } from '../features/datasets/PreviewTable';
import { TargetPicker } from '../features/datasets/TargetPicker';
import { graphql } from '../gql';
import { formatBytes } from '../lib/format';
import { buttonClass } from '../ui/buttonStyle';
import { Callout } from '../ui/Callout';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { ProgressBar } from '../ui/ProgressBar';
import { NotFound } from './NotFound';

const DatasetQuery = graphql(`
  query Dataset($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        name
        fileName
        sizeBytes
        state
        error
        version
        profile {
          ...DatasetFacts_profile
          ...TargetPicker_profile
          ...ColumnTable_profile
          ...PreviewTable_profile
        }
      }
    }
  }
`);

const route = getRouteApi('/datasets/$datasetId');

/** What is in a table, and which of its columns shall be predicted. */
export function DatasetPage() {
  const { datasetId } = route.useParams();
  const { target } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, loading, refetch } = useQuery(DatasetQuery, { variables: { id: datasetId }, fetchPolicy: 'cache-and-network' });
  const dataset = data?.node?.__typename === 'Dataset' ? data.node : null;

  if (!dataset) {
    if (error) return <FailureCallout title="The dataset could not be loaded" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Loading the dataset" /> : <NotFound what="dataset" />;
  }
  const choose = (column: string) => void navigate({ search: { target: column }, replace: true, resetScroll: false });
  const { profile } = dataset;
  return (
    <div className="space-y-6">
      <PageHeading title={dataset.name}>
        {dataset.fileName} · {formatBytes(dataset.sizeBytes)}
      </PageHeading>
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
          <TargetPicker datasetId={dataset.id} profile={profile} target={target ?? null} onChoose={choose} />
          <ColumnTable profile={profile} target={target ?? null} onChoose={choose} />
          <PreviewTable profile={profile} />
        </>
      ) : null}
    </div>
  );
}
