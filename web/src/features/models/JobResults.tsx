import { useQuery } from '@apollo/client/react';
import { graphql } from '../../gql';
import { FailureCallout } from '../../ui/FailureCallout';
import { LoadingPage } from '../../ui/Loading';
import { ModelResults } from './ModelResults';

// A query of its own: with what the page asks of the job it would select more fields than the server takes at once.
const JobResultsQuery = graphql(`
  query JobResults($model: ID!) {
    node(id: $model) {
      __typename
      ... on Model {
        id
        ...ModelResults_model
      }
    }
  }
`);

/** What came out of a job that has a model. */
export function JobResults({ modelId }: { modelId: string }) {
  const { data, error, refetch } = useQuery(JobResultsQuery, { variables: { model: modelId }, fetchPolicy: 'cache-and-network' });
  if (data?.node?.__typename === 'Model') return <ModelResults model={data.node} />;
  return error ? <FailureCallout title="The results could not be loaded" error={error} onRetry={() => void refetch()} /> : <LoadingPage label="Loading the results" />;
}
