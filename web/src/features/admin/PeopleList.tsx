import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo, formatCounted } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { PersonDetails } from './PersonDetails';
import { ReasonDialog } from './ReasonDialog';
import { ROLE_NAMES } from './words';

const PeopleListUsers = graphql(`
  fragment PeopleList_users on UserConnection {
    edges {
      node {
        id
        name
        email
        role
        suspendedAt
        createdAt
        quotas {
          unfinishedJobs {
            used
          }
        }
        ...PersonDetails_user
      }
    }
  }
`);

const PeopleListLimits = graphql(`
  fragment PeopleList_limits on ServerLimits {
    ...PersonDetails_limits
  }
`);

const SuspendUser = graphql(`
  mutation SuspendUser($input: SuspendUserInput!) {
    suspendUser(input: $input) {
      user {
        id
        suspendedAt
      }
      userErrors {
        message
      }
    }
  }
`);

const RestoreUser = graphql(`
  mutation RestoreUser($input: RestoreUserInput!) {
    restoreUser(input: $input) {
      user {
        id
        suspendedAt
      }
      userErrors {
        message
      }
    }
  }
`);

const SetUserRole = graphql(`
  mutation SetUserRole($input: SetUserRoleInput!) {
    setUserRole(input: $input) {
      user {
        id
        role
      }
      userErrors {
        message
      }
    }
  }
`);

const RevokeUserSessions = graphql(`
  mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {
    revokeUserSessions(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

type PeopleListProps = { users: FragmentType<typeof PeopleListUsers>; limits: FragmentType<typeof PeopleListLimits> | null; viewerId: string };

/** Who has an account. What concerns oneself is done in the settings, not here. */
export function PeopleList({ users, limits: maskedLimits, viewerId }: PeopleListProps) {
  const { edges } = readFragment(PeopleListUsers, users);
  const limits = readFragment(PeopleListLimits, maskedLimits);
  const now = useNow(60_000);
  const [suspend] = useMutation(SuspendUser);
  const [restore] = useMutation(RestoreUser);
  const [setRole] = useMutation(SetUserRole);
  const [revoke] = useMutation(RevokeUserSessions);
  const [withApiTokens, setWithApiTokens] = useState(false);
  if (edges.length === 0) return <p className="text-muted">Nobody is like that.</p>;
  return (
    <ul className="divide-y divide-line">
      {edges.map(({ node: user }) => {
        const other = user.role === 'ADMIN' ? 'MEMBER' : 'ADMIN';
        return (
          <li key={user.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium break-words">{user.name}</p>
              <p className="text-xs break-all text-muted">
                {user.email ?? 'no address'} · since {formatAgo(Date.parse(user.createdAt), now)} · {formatCounted(user.quotas?.unfinishedJobs.used ?? 0, 'job')} under way
              </p>
            </div>
            <Badge tone={user.role === 'ADMIN' ? 'accent' : 'neutral'}>{wordsOf(ROLE_NAMES, user.role).name}</Badge>
            {user.suspendedAt !== null ? <Badge tone="bad">Kept out</Badge> : null}
            {user.id === viewerId ? (
              <span className="text-xs text-muted">you</span>
            ) : (
              <span className="flex flex-wrap gap-2">
                <ReasonDialog
                  size="small"
                  button={other === 'ADMIN' ? 'Make administrator' : 'Make member'}
                  title={`${user.name}: ${wordsOf(ROLE_NAMES, other).name.toLowerCase()}?`}
                  consequence={other === 'ADMIN' ? 'They may then do all that you may do here.' : 'They then work with what is theirs alone.'}
                  verb="Change the role"
                  onDo={async (reason) => (await setRole({ variables: { input: { userId: user.id, role: other, reason } } })).data?.setUserRole?.userErrors}
                />
                <ReasonDialog
                  size="small"
                  button="Sign out"
                  title={`Sign ${user.name} out everywhere?`}
                  consequence="Every browser asks for the password again."
                  verb="Sign out"
                  onOpen={() => setWithApiTokens(false)}
                  onDo={async (reason) => (await revoke({ variables: { input: { userId: user.id, withApiTokens, reason } } })).data?.revokeUserSessions?.userErrors}
                >
                  <label className="flex items-start gap-3">
                    <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" checked={withApiTokens} onChange={(event) => setWithApiTokens(event.target.checked)} />
                    <span>
                      End their tokens for scripts as well
                      <span className="block text-xs text-muted">Programs that use one are refused at once.</span>
                    </span>
                  </label>
                </ReasonDialog>
                {user.suspendedAt === null ? (
                  <ReasonDialog
                    look="danger"
                    size="small"
                    button="Keep out"
                    title={`Keep ${user.name} out?`}
                    consequence="Their sessions and tokens let nobody in any more. What runs for them goes on."
                    verb="Keep out"
                    onDo={async (reason) => (await suspend({ variables: { input: { userId: user.id, reason } } })).data?.suspendUser?.userErrors}
                  />
                ) : (
                  <ReasonDialog
                    size="small"
                    button="Let in"
                    title={`Let ${user.name} in again?`}
                    consequence="They sign in as before."
                    verb="Let in"
                    onDo={async (reason) => (await restore({ variables: { input: { userId: user.id, reason } } })).data?.restoreUser?.userErrors}
                  />
                )}
              </span>
            )}
            <PersonDetails user={user} limits={limits} />
          </li>
        );
      })}
    </ul>
  );
}
