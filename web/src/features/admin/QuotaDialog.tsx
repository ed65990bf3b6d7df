import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { TextInput } from '../../ui/Field';
import { QUOTAS } from '../quotas/words';
import { changesOf, draftOf, QUOTA_FIELDS, QUOTA_NAMES, refuseLimit, type Limits } from './quotaDraft';
import { ReasonDialog } from './ReasonDialog';

const QuotaDialogQuotas = graphql(`
  fragment QuotaDialog_quotas on Quotas {
    unfinishedJobs {
      limit
    }
    jobsPerDay {
      limit
    }
    computeSecondsPerDay {
      limit
    }
    storedBytes {
      limit
    }
    jobBudgetSeconds {
      limit
    }
  }
`);

const QuotaDialogLimits = graphql(`
  fragment QuotaDialog_limits on ServerLimits {
    unfinishedJobs
    jobsPerDay
    computeSecondsPerDay
    storedBytes
    jobBudgetSeconds
  }
`);

const SetUserQuota = graphql(`
  mutation SetUserQuota($input: SetUserQuotaInput!) {
    setUserQuota(input: $input) {
      user {
        id
        quotas {
          ...QuotaList_quotas
        }
      }
      userErrors {
        message
      }
    }
  }
`);

type QuotaDialogProps = {
  user: { id: string; name: string };
  quotas: FragmentType<typeof QuotaDialogQuotas>;
  limits: FragmentType<typeof QuotaDialogLimits>;
};

/** Limits of a person's own, in the place of the server's settings. */
export function QuotaDialog({ user, quotas: maskedQuotas, limits: maskedLimits }: QuotaDialogProps) {
  const quotas = readFragment(QuotaDialogQuotas, maskedQuotas);
  const server: Limits = readFragment(QuotaDialogLimits, maskedLimits);
  const own = Object.fromEntries(QUOTA_NAMES.map((name) => [name, quotas[name].limit])) as Limits;
  const before = draftOf(own, server);
  const [set] = useMutation(SetUserQuota);
  const [typed, setTyped] = useState(before);
  const changes = changesOf(before, typed);
  return (
    <ReasonDialog
      size="small"
      button="Change the limits…"
      ariaLabel={`Change the limits of ${user.name}`}
      title={`Limits of ${user.name}`}
      consequence="A blank field is the server’s setting. What runs goes on; the next job or upload is held to the new limits."
      verb="Change the limits"
      ready={changes !== null && Object.keys(changes).length > 0}
      onOpen={() => setTyped(before)}
      onDo={async (reason) => (await set({ variables: { input: { userId: user.id, ...changes, reason } } })).data?.setUserQuota?.userErrors}
    >
      {QUOTA_NAMES.map((name) => {
        const setting = server[name];
        return (
          <TextInput
            key={name}
            label={QUOTA_FIELDS[name].label}
            hint={setting === null ? 'The server sets no limit.' : `The server’s setting: ${QUOTAS[name].format(setting)}.`}
            error={refuseLimit(name, typed[name])}
            inputMode="decimal"
            autoComplete="off"
            value={typed[name]}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        );
      })}
    </ReasonDialog>
  );
}
