import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ConfigureForm } from '../features/jobs/ConfigureForm';
import { graphql } from '../gql';
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
        ...ConfigureForm_dataset
        profile {
          columns {
            name
            asTarget {
              usable
              reason
            }
          }
        }
      }
    }
  }
`);

const route = getRouteApi('/datasets/$datasetId/train');

/** How to train: sensible as it stands, everything can be changed. */
export function ConfigurePage() {
  const { datasetId } = route.useParams();
  const { target } = route.useSearch();
  const { data, error, loading, refetch } = useQuery(ConfigureQuery, { variables: { id: datasetId } });
  const dataset = data?.node?.__typename === 'Dataset' ? data.node : null;
  if (!dataset) {
    if (error) return <FailureCallout title="The dataset could not be loaded" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Loading the dataset" /> : <NotFound what="dataset" />;
  }
  const column = dataset.profile?.columns.find((one) => one.name === target);
  return (
    <div className="space-y-6">
      <PageHeading
        title={column ? `Predict ${target}` : 'Choose a column first'}
        above={
          <Link to="/datasets/$datasetId" params={{ datasetId }} search={{ target }} className="text-accent hover:underline">
            {dataset.name}
          </Link>
        }
      >
        Start as it stands, or change what you know better.
      </PageHeading>
      {column?.asTarget.usable ? (
        <ConfigureForm dataset={dataset} target={target} key={target} />
      ) : (
        <Callout
          tone="warn"
          title="Nothing to predict yet"
          action={
            <Link to="/datasets/$datasetId" params={{ datasetId }} search={{}} className={buttonClass('plain', 'small')}>
              Choose a column
            </Link>
          }
        >
          <p>{column ? column.asTarget.reason : 'The address names no column of this table.'}</p>
        </Callout>
      )}
    </div>
  );
}
