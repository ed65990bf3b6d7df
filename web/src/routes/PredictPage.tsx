import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { PredictForm } from '../features/models/PredictForm';
import { graphql } from '../gql';
import { isUnknownId } from '../lib/failure';
import { useCalm } from '../lib/useCalm';
import { buttonClass } from '../ui/buttonStyle';
import { Callout } from '../ui/Callout';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { NotFound } from './NotFound';

const PredictQuery = graphql(`
  query PredictPage($id: ID!) {
    node(id: $id) {
      __typename
      ... on Model {
        id
        name
        target
        deployed
        job {
          id
          name
        }
        ...PredictForm_model
      }
    }
  }
`);

const route = getRouteApi('/models/$modelId/predict');

/** Ask a deployed model about one row. */
export function PredictPage() {
  const { modelId } = route.useParams();
  const { data, error, loading, refetch } = useCalm(useQuery(PredictQuery, { variables: { id: modelId }, fetchPolicy: 'cache-and-network' }));
  const model = data?.node?.__typename === 'Model' ? data.node : null;
  if (!model) {
    if (error && !isUnknownId(error)) return <FailureCallout title="The model could not be loaded" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Loading the model" /> : <NotFound what="model" />;
  }
  return (
    <div className="space-y-6">
      <PageHeading
        title={`What will ${model.target} be?`}
        tabTitle={`Predict ${model.target}`}
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
        The answer follows while you type. Leave blank what is not known.
      </PageHeading>
      {model.deployed ? (
        <PredictForm model={model} key={model.id} />
      ) : (
        <Callout
          tone="warn"
          title="This model is not deployed"
          action={
            model.job ? (
              <Link to="/jobs/$jobId" params={{ jobId: model.job.id }} className={buttonClass('plain', 'small')}>
                To its job
              </Link>
            ) : undefined
          }
        >
          <p>Deploy it on the page of its job; then it answers here.</p>
        </Callout>
      )}
    </div>
  );
}
