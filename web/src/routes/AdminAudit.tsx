import { useQuery } from '@apollo/client/react';
import { getRouteApi } from '@tanstack/react-router';
import { AuditList } from '../features/admin/AuditList';
import { ACTIONS, auditFilterOf, type AdminSearch } from '../features/admin/tabs';
import { spoken } from '../features/admin/words';
import { graphql } from '../gql';
import { formatCount } from '../lib/format';
import { Button } from '../ui/Button';
import { Callout } from '../ui/Callout';
import { Card } from '../ui/Card';
import { CopyButton } from '../ui/CopyButton';
import { FailureCallout } from '../ui/FailureCallout';
import { SelectInput } from '../ui/Field';
import { Loading } from '../ui/Loading';
import { More } from '../ui/More';

const AdminAuditQuery = graphql(`
  query AdminAudit($first: Int!, $after: String, $filter: AuditFilter, $personId: ID!, $withPerson: Boolean!) {
    admin {
      auditHead {
        number
        hash
      }
      auditLog(first: $first, after: $after, filter: $filter) {
        ...AuditList_entries
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      user(id: $personId) @include(if: $withPerson) {
        id
        name
      }
    }
  }
`);

const PAGE = 25;
const route = getRouteApi('/admin');

/** Who did what, why and from where. */
export function AdminAudit() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, previousData, error, refetch, fetchMore } = useQuery(AdminAuditQuery, {
    variables: { first: PAGE, filter: auditFilterOf(search), personId: search.person ?? '', withPerson: search.person !== undefined },
    fetchPolicy: 'cache-and-network',
  });
  const admin = (data ?? previousData)?.admin;
  const head = admin?.auditHead;
  const change = (next: Partial<AdminSearch>) => void navigate({ search: { ...search, ...next }, replace: true });
  return (
    <Card title="Audit log" note="Each entry is chained to the one before by its hash; “automl admin audit verify” checks the chain.">
      <div className="space-y-5">
        {head && head.number > 0 ? (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            <p className="min-w-0 break-words">
              {formatCount(head.number)} entries, the newest with the hash <code className="break-all">{head.hash.slice(0, 16)}…</code> Noted elsewhere, it shows later whether what is there now still is.
            </p>
            <CopyButton text={head.hash}>Copy the hash</CopyButton>
          </div>
        ) : null}
        <div className="max-w-72">
          <SelectInput label="What was done" value={search.action ?? ''} onChange={(event) => change({ action: (event.target.value || undefined) as AdminSearch['action'] })}>
            <option value="">All</option>
            {ACTIONS.map((action) => (
              <option key={action} value={action}>
                {spoken(action)}
              </option>
            ))}
          </SelectInput>
        </div>
        {search.person !== undefined ? (
          <Callout
            title={`Only what ${admin?.user?.name ?? 'one person'} did`}
            action={
              <Button size="small" onClick={() => change({ person: undefined })}>
                Everybody
              </Button>
            }
          />
        ) : null}
        {admin?.auditLog ? (
          <AuditList entries={admin.auditLog} />
        ) : error ? (
          <FailureCallout title="The audit log could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading label="Loading the audit log" />
        )}
      </div>
      <More pages={admin?.auditLog?.pageInfo} onMore={(after) => void fetchMore({ variables: { after } })} />
    </Card>
  );
}
