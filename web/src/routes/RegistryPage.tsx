import { useQuery } from '@apollo/client/react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { LONGEST_NAME } from '../features/registry/names';
import { RegistryList } from '../features/registry/RegistryList';
import { graphql } from '../gql';
import { formatCounted } from '../lib/format';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { TextInput } from '../ui/Field';
import { Loading } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { useSettled } from '../ui/useSettled';

const RegistryQuery = graphql(`
  query Registry($first: Int!, $after: String) {
    registeredModels(first: $first, after: $after) {
      ...RegistryList_models
      edges {
        node {
          id
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

/** A name has up to a hundred versions: so many names at a time stay far below 200 KB. */
const PAGE = 25;
const route = getRouteApi('/registry');

/** Models that are kept under names, for programs to ask by an alias. */
export function RegistryPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState(search.text ?? '');
  useSettled(text.trim(), search.text ?? '', (settled) => void navigate({ search: { text: settled || undefined }, replace: true }));
  const { data, error, loading, refetch, fetchMore } = useQuery(RegistryQuery, { variables: { first: PAGE }, fetchPolicy: 'cache-and-network' });
  const models = data?.registeredModels;
  // All of them: the server does not search among names, and people have few.
  const next = models?.pageInfo.hasNextPage ? models.pageInfo.endCursor : null;
  useEffect(() => {
    if (next) void fetchMore({ variables: { after: next } });
  }, [next, fetchMore]);
  const count = models?.totalCount ?? null;
  return (
    <div className="space-y-6">
      <PageHeading title="Registry">
        <span aria-live="polite">{count === null ? 'Models under names' : formatCounted(count, 'name')}, each with its versions, and with aliases that programs ask by.</span>
      </PageHeading>
      {error ? <FailureCallout title="The registry could not be loaded" error={error} onRetry={() => void refetch()} /> : null}
      <Card>
        {models ? (
          models.edges.length === 0 ? (
            <p className="max-w-prose text-muted">
              None yet. Open a job that has a model and choose “Register…”: the model becomes version 1 of a name. An alias, such as “production”, then points to the version that answers, and you
              move it without changing the programs that ask.
            </p>
          ) : (
            <div className="space-y-5">
              <form role="search" aria-label="Registered models" className="max-w-md" onSubmit={(event) => event.preventDefault()}>
                <TextInput
                  label="Name or alias"
                  type="search"
                  maxLength={LONGEST_NAME}
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
              </form>
              <RegistryList models={models} text={text} />
            </div>
          )
        ) : loading ? (
          <Loading label="Loading the registry" />
        ) : (
          <p className="text-muted">Not available.</p>
        )}
      </Card>
    </div>
  );
}
