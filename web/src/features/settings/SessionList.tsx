import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { formatAgo } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';

const SessionListUser = graphql(`
  fragment SessionList_user on User {
    id
    sessions {
      id
      client
      createdAt
      refreshedAt
      expiresAt
      isCurrent
    }
  }
`);

const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

/** Where one is signed in. */
export function SessionList({ user: masked }: { user: FragmentType<typeof SessionListUser> }) {
  const sessions = readFragment(SessionListUser, masked).sessions ?? [];
  const now = useNow(60_000);
  const [end, { loading }] = useMutation(EndSession, { refetchQueries: ['Settings'] });
  const [failure, setFailure] = useState<string | null>(null);
  const stop = async (id: string) => {
    setFailure(await refusalOf(async () => (await end({ variables: { input: { id } } })).data?.endSession?.userErrors));
  };
  if (sessions.length === 0) return null;
  return (
    <>
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-56">
              <p className="break-words">{session.client ?? 'A program without a name'}</p>
              <p className="text-xs text-muted">
                since {formatAgo(Date.parse(session.createdAt), now)}
                {session.refreshedAt !== null ? `, there ${formatAgo(Date.parse(session.refreshedAt), now)}` : ''}
              </p>
            </div>
            {session.isCurrent ? (
              <Badge tone="accent">This one</Badge>
            ) : (
              <Button size="small" busy={loading} aria-label={`End it: the session of ${session.client ?? 'a program without a name'}`} onClick={() => void stop(session.id)}>
                End it
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
