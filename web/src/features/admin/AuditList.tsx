import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount } from '../../lib/format';
import { spoken } from './words';

const AuditListEntries = graphql(`
  fragment AuditList_entries on AuditEntryConnection {
    edges {
      node {
        id
        number
        at
        action
        actorKind
        subjectKind
        subject
        reason
        before
        after
        address
        actor {
          id
          name
        }
      }
    }
  }
`);

/** Who did what, why and from where, the newest first. */
export function AuditList({ entries }: { entries: FragmentType<typeof AuditListEntries> }) {
  const { edges } = readFragment(AuditListEntries, entries);
  if (edges.length === 0) return <p className="text-muted">Nothing yet.</p>;
  return (
    <ol className="divide-y divide-line">
      {edges.map(({ node: entry }) => (
        <li key={entry.id} className="py-2.5 first:pt-0 last:pb-0">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="tabular text-xs text-muted">{formatCount(entry.number)}</span>
            <span className="font-medium">{spoken(entry.action)}</span>
            <span>by {entry.actor?.name ?? spoken(entry.actorKind).toLowerCase()}</span>
            {entry.at !== null ? <time dateTime={entry.at} className="text-xs text-muted">{new Date(entry.at).toLocaleString()}</time> : null}
          </p>
          <p className="text-xs break-all text-muted">
            {entry.subjectKind !== null ? `${spoken(entry.subjectKind)} ${entry.subject ?? ''}` : ''}
            {entry.address !== null ? ` from ${entry.address}` : ''}
          </p>
          {entry.reason !== null ? <p className="text-xs break-words">{entry.reason}</p> : null}
          {entry.before !== null || entry.after !== null ? (
            <details className="text-xs">
              <summary className="cursor-pointer text-accent" aria-label={`What changed with entry ${entry.number}`}>
                What changed
              </summary>
              <pre className="mt-1 rounded-lg bg-sunken p-2 break-all whitespace-pre-wrap">
                {entry.before ?? '–'}
                {' → '}
                {entry.after ?? '–'}
              </pre>
            </details>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
