import { useMutation } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted } from '../../lib/format';
import { buttonClass } from '../../ui/buttonStyle';
import { Callout } from '../../ui/Callout';
import { QuotaList } from '../quotas/QuotaList';
import { QuotaDialog } from './QuotaDialog';
import { ReasonDialog } from './ReasonDialog';

const PersonDetailsUser = graphql(`
  fragment PersonDetails_user on User {
    id
    name
    quotas {
      ...QuotaList_quotas
      ...QuotaDialog_quotas
    }
  }
`);

const PersonDetailsLimits = graphql(`
  fragment PersonDetails_limits on ServerLimits {
    ...QuotaDialog_limits
  }
`);

const ClaimDefaultData = graphql(`
  mutation ClaimDefaultData($input: ClaimDefaultDataInput!) {
    claimDefaultData(input: $input) {
      claimedRows
      userErrors {
        message
      }
    }
  }
`);

type PersonDetailsProps = { user: FragmentType<typeof PersonDetailsUser>; limits: FragmentType<typeof PersonDetailsLimits> | null };

/** What a person may use and uses, and what is seldom done for one. */
export function PersonDetails({ user: masked, limits: maskedLimits }: PersonDetailsProps) {
  const user = readFragment(PersonDetailsUser, masked);
  const limits = readFragment(PersonDetailsLimits, maskedLimits);
  const [claim] = useMutation(ClaimDefaultData);
  const [claimed, setClaimed] = useState<number | null>(null);
  return (
    <details className="basis-full">
      <summary className="cursor-pointer text-xs text-accent" aria-label={`Limits and use of ${user.name}`}>
        Limits and use
      </summary>
      <div className="mt-3 max-w-xl space-y-4">
        {user.quotas ? <QuotaList quotas={user.quotas} /> : null}
        <div className="flex flex-wrap gap-2">
          {user.quotas && limits ? <QuotaDialog user={user} quotas={user.quotas} limits={limits} /> : null}
          <Link to="/admin" search={{ tab: 'jobs', person: user.id }} className={buttonClass('plain', 'small')}>
            Their jobs
          </Link>
          <Link to="/admin" search={{ tab: 'audit', person: user.id }} className={buttonClass('plain', 'small')}>
            What they did
          </Link>
          <ReasonDialog
            look="quiet"
            size="small"
            button="Give the data of version 1…"
            ariaLabel={`Give the data of version 1 to ${user.name}`}
            title={`Give the data of version 1 to ${user.name}?`}
            consequence="Everything that belonged to the user “default” of version 1, whom nobody can come in as, becomes theirs. It is done once and as a whole, and is not undone."
            verb="Give it"
            onDo={async (reason) => {
              const answer = (await claim({ variables: { input: { userId: user.id, reason } } })).data?.claimDefaultData;
              setClaimed(answer?.claimedRows ?? null);
              return answer?.userErrors;
            }}
          />
        </div>
        {claimed !== null ? <Callout tone="good">{formatCounted(claimed, 'row')} went over to {user.name}.</Callout> : null}
      </div>
    </details>
  );
}
