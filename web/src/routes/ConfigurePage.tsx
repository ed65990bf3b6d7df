import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTargetAdvice } from '../features/datasets/useTargetAdvice';
import { ConfigureForm } from '../features/jobs/ConfigureForm';
import { graphql } from '../gql';
import { isUnknownId } from '../lib/failure';
import { useCalm } from '../lib/useCalm';
import { buttonClass } from '../ui/buttonStyle';
import { Callout } from '../ui/Callout';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { NotFound } from './NotFound';

const ConfigureQuery = graphql(`
  query Configure($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        name
        version
        profile {
          columns {
            name
          }
        }
        ...ConfigureForm_dataset
      }
    }
  }
`);

const route = getRouteApi('/datasets/$datasetId/train');
const NO_COLUMNS: readonly [] = [];

/** How to train: sensible as it stands, everything can be changed. */
export function ConfigurePage() {
  const { datasetId } = route.useParams();
  const { target, roles } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, loading, refetch } = useCalm(useQuery(ConfigureQuery, { variables: { id: datasetId } }));
  const dataset = data?.node?.__typename === 'Dataset' ? data.node : null;
  const advice = useTargetAdvice(datasetId, dataset?.profile?.columns ?? NO_COLUMNS);
  const failed = error ?? advice.error;
  if (!dataset || (dataset.profile && advice.usable === null)) {
    if (failed && !isUnknownId(failed)) return <FailureCallout title="The dataset could not be loaded" error={failed} onRetry={() => void (error ? refetch() : advice.retry())} />;
    return loading || dataset ? <LoadingPage label="Loading the dataset" /> : <NotFound what="dataset" />;
  }
  const ofTarget = target === undefined ? undefined : advice.of(target);
  return (
    <div className="space-y-6">
      <PageHeading
        title={ofTarget ? `Predict ${target}` : 'Choose a column first'}
        above={
          <Link to="/datasets/$datasetId" params={{ datasetId }} search={{ target, roles }} className="text-accent hover:underline">
            {dataset.name}
          </Link>
        }
      >
        Start as it stands, or change what you know better.
      </PageHeading>
      {target !== undefined && ofTarget?.usable ? (
        <ConfigureForm
          key={target}
          dataset={dataset}
          target={target}
          advice={ofTarget}
          roles={roles}
          onRoles={(changed) => void navigate({ search: (before) => ({ ...before, roles: changed }), replace: true, resetScroll: false })}
        />
      ) : (
        <Callout
          tone="warn"
          title="Nothing to predict yet"
          action={
            <Link to="/datasets/$datasetId" params={{ datasetId }} search={{ roles }} className={buttonClass('plain', 'small')}>
              Choose a column
            </Link>
          }
        >
          <p>{ofTarget ? ofTarget.reason : 'The address names no column of this table.'}</p>
        </Callout>
      )}
    </div>
  );
}
