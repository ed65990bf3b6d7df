import { useQuery } from '@apollo/client/react';
import { getRouteApi } from '@tanstack/react-router';
import { AdminFilters } from '../features/admin/AdminFilters';
import { PeopleList } from '../features/admin/PeopleList';
import { PEOPLE_SETS, userFilterOf, type AdminSearch } from '../features/admin/tabs';
import { graphql } from '../gql';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { Loading } from '../ui/Loading';
import { More } from '../ui/More';

const AdminPeopleQuery = graphql(`
  query AdminPeople($first: Int!, $after: String, $filter: UserFilter) {
    viewer {
      id
    }
    admin {
      limits {
        ...PeopleList_limits
      }
      users(first: $first, after: $after, filter: $filter) {
        ...PeopleList_users
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const PAGE = 25;
const route = getRouteApi('/admin');

/** Who has an account, what they may use, and what is done with accounts. */
export function AdminPeople() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, previousData, error, refetch, fetchMore } = useQuery(AdminPeopleQuery, {
    variables: { first: PAGE, filter: userFilterOf(search) },
    fetchPolicy: 'cache-and-network',
  });
  const shown = data ?? previousData;
  const users = shown?.admin?.users;
  const change = (next: Partial<AdminSearch>) => void navigate({ search: { ...search, ...next }, replace: true });
  return (
    <Card>
      <AdminFilters
        label="People"
        textLabel="Name or address"
        text={search.text ?? ''}
        onText={(text) => change({ text: text || undefined })}
        setLabel="Who"
        sets={PEOPLE_SETS}
        set={search.people ?? ''}
        onSet={(people) => change({ people: (people || undefined) as AdminSearch['people'] })}
      />
      {users ? (
        <PeopleList users={users} limits={shown.admin?.limits ?? null} viewerId={shown.viewer?.id ?? ''} />
      ) : error ? (
        <FailureCallout title="The accounts could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label="Loading the accounts" />
      )}
      <More pages={users?.pageInfo} onMore={(after) => void fetchMore({ variables: { after } })} />
    </Card>
  );
}
