import { useMutation } from '@apollo/client/react';
import { Timer } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { formatDuration } from '../../lib/format';
import { newRequestKey } from '../../lib/requestKey';
import { isTerminal } from '../../lib/words';
import { SelectInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { LONGEST_SECONDS } from './jobDraft';

export const ExtendJobJob = graphql(`
  fragment ExtendJob_job on Job {
    id
    state
    version
    settings {
      budgetSeconds
    }
    progress {
      secondsElapsed
    }
  }
`);

const Extend = graphql(`
  mutation ExtendJob($input: ExtendJobInput!) {
    extendJob(input: $input) {
      job {
        ...ExtendJob_job
        ...JobActions_job
        ...StepTimeline_job
      }
      userErrors {
        message
      }
    }
  }
`);

const OFFERED = [60, 120, 300, 600, 1800, 3600, 4 * 3600];

/** More time: a job that has ended goes on with the trials it has. */
export function ExtendJob({ job: masked, hasModel }: { job: FragmentType<typeof ExtendJobJob>; hasModel: boolean }) {
  const job = readFragment(ExtendJobJob, masked);
  const budget = job.settings.budgetSeconds;
  const offered = OFFERED.filter((seconds) => budget + seconds <= LONGEST_SECONDS);
  const [more, setMore] = useState(300);
  const [key, setKey] = useState('');
  const [extend] = useMutation(Extend);
  const chosen = offered.includes(more) ? more : (offered.at(-1) ?? 0);
  const ended = isTerminal(job.state);
  const left = Math.max(0, budget - job.progress.secondsElapsed) + chosen;

  const input = { id: job.id, budgetSeconds: chosen, idempotencyKey: key };
  const submit = () => refusalOf(async () => (await extend({ variables: { input } })).data?.extendJob?.userErrors);
  return (
    <FormDialog
      button={
        <>
          <Timer aria-hidden className="size-4" />
          Give more time
        </>
      }
      title="Give this job more time"
      verb={ended ? 'Search on' : 'Add the time'}
      disabled={offered.length === 0}
      onOpen={() => setKey(newRequestKey())}
      onSubmit={submit}
    >
      <SelectInput
        label="More time"
        hint={`Its budget is then ${formatDuration(budget + chosen)}; about ${formatDuration(left)} of it are left to use.`}
        value={String(chosen)}
        onChange={(event) => setMore(Number(event.target.value))}
      >
        {offered.map((seconds) => (
          <option key={seconds} value={seconds}>
            {formatDuration(seconds)}
          </option>
        ))}
      </SelectInput>
      {ended ? (
        <p className="text-muted">
          The search goes on with the models it has tried.
          {hasModel ? ' The model that is there stays, and answers where it is deployed, until a newer one takes its place.' : ''}
        </p>
      ) : null}
    </FormDialog>
  );
}
