import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { Flag, Square, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf, type UserFailure } from '../../lib/failure';
import { isTerminal } from '../../lib/words';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { Button } from '../../ui/Button';

const JobActionsJob = graphql(`
  fragment JobActions_job on Job {
    id
    name
    state
    version
    progress {
      trialsFinished
    }
  }
`);

const CancelJob = graphql(`
  mutation CancelJob($input: CancelJobInput!) {
    cancelJob(input: $input) {
      job {
        ...JobActions_job
      }
      userErrors {
        message
      }
    }
  }
`);

const FinishJob = graphql(`
  mutation FinishJob($input: FinishJobInput!) {
    finishJob(input: $input) {
      job {
        ...JobActions_job
      }
      userErrors {
        message
      }
    }
  }
`);

const DeleteJob = graphql(`
  mutation DeleteJob($input: DeleteJobInput!) {
    deleteJob(input: $input) {
      deletedId
      userErrors {
        message
      }
    }
  }
`);

/** Finish now, cancel; once it is over: delete. */
export function JobActions({ job: masked, hasModel = false }: { job: FragmentType<typeof JobActionsJob>; hasModel?: boolean }) {
  const job = readFragment(JobActionsJob, masked);
  const [finish, finishing] = useMutation(FinishJob);
  const [cancel, cancelling] = useMutation(CancelJob);
  const [remove, removing] = useMutation(DeleteJob, { refetchQueries: ['Home'] });
  const [failure, setFailure] = useState<string | null>(null);
  const navigate = useNavigate();
  const input = { input: { id: job.id } };

  /** Runs one action and shows what came of it; true when it was done. */
  const attempt = async (action: () => Promise<readonly UserFailure[] | undefined>): Promise<boolean> => {
    setFailure(null);
    const refused = await refusalOf(action);
    setFailure(refused);
    return refused === null;
  };
  const onDelete = async () => {
    const done = await attempt(async () => (await remove({ variables: input })).data?.deleteJob?.userErrors);
    if (done) await navigate({ to: '/' });
  };

  return (
    <>
      {isTerminal(job.state) ? (
        <ConfirmButton
          look="remove"
          busy={removing.loading}
          question={`Delete “${job.name}”?`}
          consequence="Its trials, its model and every download of it are removed for good. The dataset stays."
          verb="Delete"
          onConfirm={() => void onDelete()}
        >
          <Trash2 aria-hidden className="size-4" />
          Delete
        </ConfirmButton>
      ) : (
        <>
          <Button
            look="primary"
            busy={finishing.loading || job.state === 'FINISHING'}
            disabled={job.state !== 'RUNNING' || job.progress.trialsFinished === 0}
            onClick={() => void attempt(async () => (await finish({ variables: input })).data?.finishJob?.userErrors)}
          >
            <Flag aria-hidden className="size-4" />
            Finish now, keep the best
          </Button>
          <ConfirmButton
            look="danger"
            busy={cancelling.loading || job.state === 'CANCELLING'}
            disabled={job.state === 'FINISHING'}
            question="Cancel this job?"
            consequence={
              hasModel
                ? 'The model that was there before stays. To make a newer one of what was found so far, choose “Finish now” instead.'
                : 'Nothing of it is kept. To keep the best model found so far, choose “Finish now” instead.'
            }
            verb="Cancel the job"
            onConfirm={() => void attempt(async () => (await cancel({ variables: input })).data?.cancelJob?.userErrors)}
          >
            <Square aria-hidden className="size-3.5" />
            Cancel
          </ConfirmButton>
        </>
      )}
      {failure !== null ? (
        <div className="basis-full">
          <Callout tone="bad">{failure}</Callout>
        </div>
      ) : null}
    </>
  );
}
