import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback } from 'react';
import { BatchCard } from '../features/batches/BatchCard';
import { NewBatch } from '../features/batches/NewBatch';
import { graphql } from '../gql';
import { isUnknownId } from '../lib/failure';
import { useCalm } from '../lib/useCalm';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { More } from '../ui/More';
import { PageHeading } from '../ui/PageHeading';
import { NotFound } from './NotFound';

const BatchQuery = graphql(`
  query BatchPage($id: ID!, $first: Int!, $after: String) {
    serverInfo {
      uploadLimitBytes
    }
    node(id: $id) {
      __typename
      ... on Model {
        id
        name
        target
        job {
          id
          name
        }
        batchPredictions(first: $first, after: $after) {
          edges {
            node {
              id
              ...BatchCard_batch
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

const PAGE = 10;
const route = getRouteApi('/models/$modelId/batch');

/** Predictions for whole files, and those that were made before. */
export function BatchPage() {
  const { modelId } = route.useParams();
  const { data, error, loading, refetch, fetchMore } = useCalm(useQuery(BatchQuery, { variables: { id: modelId, first: PAGE }, fetchPolicy: 'cache-and-network' }));
  const onChange = useCallback(() => void refetch(), [refetch]);
  const model = data?.node?.__typename === 'Model' ? data.node : null;
  if (!model) {
    if (error && !isUnknownId(error)) return <FailureCallout title="The model could not be loaded" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Loading the model" /> : <NotFound what="model" />;
  }
  const batches = model.batchPredictions?.edges ?? [];
  const pages = model.batchPredictions?.pageInfo;
  return (
    <div className="space-y-6">
      <PageHeading
        title={`Predict ${model.target} for a whole file`}
        tabTitle={`Files: ${model.target}`}
        above={
          model.job ? (
            <Link to="/jobs/$jobId" params={{ jobId: model.job.id }} className="text-accent hover:underline">
              {model.job.name}
            </Link>
          ) : (
            model.name
          )
        }
      >
        Every row gets its line in the answer, those that cannot be predicted with the reason.
      </PageHeading>
      <NewBatch modelId={model.id} target={model.target} limitBytes={data?.serverInfo?.uploadLimitBytes ?? null} onCreated={onChange} />
      <Card title="Files so far">
        {batches.length === 0 ? (
          <p className="text-muted">None yet.</p>
        ) : (
          <ul className="divide-y divide-line">
            {batches.map(({ node }) => (
              <BatchCard key={node.id} batch={node} onChange={onChange} />
            ))}
          </ul>
        )}
        <More pages={pages} onMore={(after) => void fetchMore({ variables: { after } })} />
      </Card>
    </div>
  );
}
