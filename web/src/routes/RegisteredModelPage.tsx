import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { AliasList } from '../features/registry/AliasList';
import { AskByAlias } from '../features/registry/AskByAlias';
import { versionWords } from '../features/registry/names';
import { VersionList } from '../features/registry/VersionList';
import { graphql } from '../gql';
import { isUnknownId } from '../lib/failure';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { NotFound } from './NotFound';

const RegisteredModelQuery = graphql(`
  query RegisteredModel($id: ID!) {
    node(id: $id) {
      __typename
      ... on RegisteredModel {
        id
        name
        aliases {
          alias
          version
          previousVersion
        }
        versions {
          number
          model {
            id
            deployed
            deployable
          }
        }
        ...AliasList_registered
        ...VersionList_registered
      }
    }
  }
`);

const route = getRouteApi('/registry/$registeredId');

/** A name of the registry: its aliases, its versions, and how to ask by an alias. */
export function RegisteredModelPage() {
  const { registeredId } = route.useParams();
  const navigate = route.useNavigate();
  const { data, error, loading, refetch } = useQuery(RegisteredModelQuery, { variables: { id: registeredId }, fetchPolicy: 'cache-and-network' });
  const registered = data?.node?.__typename === 'RegisteredModel' ? data.node : null;
  if (!registered) {
    if (error && !isUnknownId(error)) return <FailureCallout title="The registered model could not be loaded" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Loading the registered model" /> : <NotFound what="registered model" />;
  }
  const { name, aliases, versions } = registered;
  return (
    <div className="space-y-6">
      <PageHeading
        title={name}
        above={
          <Link to="/registry" className="text-accent hover:underline">
            Registry
          </Link>
        }
      >
        {versionWords(versions.map((one) => one.number))}
      </PageHeading>
      <Card title="Aliases" note="Programs ask by an alias and are answered by the version that it points to at that moment.">
        <AliasList registered={registered} versions={versions} />
      </Card>
      <Card title="Versions" note="A version does not change: while a model is one, its job can be neither extended nor deleted.">
        <VersionList registered={registered} aliases={aliases} onGone={(withName) => void (withName ? navigate({ to: '/registry' }) : refetch())} />
      </Card>
      <AskByAlias name={name} aliases={aliases} modelOf={(version) => versions.find((one) => one.number === version)?.model ?? null} />
    </div>
  );
}
