import { useMutation } from '@apollo/client/react';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { graphql } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { newRequestKey } from '../../lib/requestKey';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';

const Retry = graphql(`
  mutation RetryJob($input: RetryJobInput!) {
    retryJob(input: $input) {
      job {
        error
        ...JobActions_job
        ...StepTimeline_job
      }
      userErrors {
        message
      }
    }
  }
`);

/** Another try of a job that failed or was cancelled. */
export function RetryJob({ id }: { id: string }) {
  const [retry, { loading }] = useMutation(Retry);
  const [failure, setFailure] = useState<string | null>(null);
  const start = async () => {
    setFailure(null);
    const input = { id, idempotencyKey: newRequestKey() };
    setFailure(await refusalOf(async () => (await retry({ variables: { input } })).data?.retryJob?.userErrors));
  };
  return (
    <>
      <Button look="primary" busy={loading} onClick={() => void start()}>
        <RotateCcw aria-hidden className="size-4" />
        Try again
      </Button>
      {failure !== null ? (
        <div className="basis-full">
          <Callout tone="bad">{failure}</Callout>
        </div>
      ) : null}
    </>
  );
}
