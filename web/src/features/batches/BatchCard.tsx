import { useApolloClient, useMutation } from '@apollo/client/react';
import { Download, Square, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { describeFailure, refusalOf, type UserFailure } from '../../lib/failure';
import { formatAgo, formatBytes, formatCounted } from '../../lib/format';
import { startDownload } from '../../lib/startDownload';
import { useNow } from '../../lib/useNow';
import { wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { ProgressBar } from '../../ui/ProgressBar';
import { BatchLive } from './BatchLive';
import { BatchReport } from './BatchReport';
import { BATCH_STATES, hasEnded } from './words';

const BatchCardBatch = graphql(`
  fragment BatchCard_batch on BatchPrediction {
    id
    version
    fileName
    sizeBytes
    state
    error
    createdAt
    progress {
      rowsDone
      rowsInError
      share
    }
    ...BatchReport_batch
  }
`);

// Links are valid for five minutes, so they are asked for at the click and never kept.
const BatchLinks = graphql(`
  query BatchLinks($id: ID!) {
    node(id: $id) {
      __typename
      ... on BatchPrediction {
        id
        downloads {
          format
          fileName
          url
        }
      }
    }
  }
`);

const CancelBatchPrediction = graphql(`
  mutation CancelBatchPrediction($input: CancelBatchPredictionInput!) {
    cancelBatchPrediction(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

const DeleteBatchPrediction = graphql(`
  mutation DeleteBatchPrediction($input: DeleteBatchPredictionInput!) {
    deleteBatchPrediction(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

type BatchCardProps = { batch: FragmentType<typeof BatchCardBatch>; onChange: () => void };

/** One batch prediction: while it runs, and with its files when it is done. */
export function BatchCard({ batch: masked, onChange }: BatchCardProps) {
  const batch = readFragment(BatchCardBatch, masked);
  const client = useApolloClient();
  const now = useNow(60_000);
  const [cancel, cancelling] = useMutation(CancelBatchPrediction);
  const [remove, removing] = useMutation(DeleteBatchPrediction);
  const [failure, setFailure] = useState<string | null>(null);
  const state = wordsOf(BATCH_STATES, batch.state);
  const ended = hasEnded(batch.state);
  const variables = { input: { id: batch.id } };

  const attempt = async (action: () => Promise<readonly UserFailure[] | undefined>) => {
    setFailure(null);
    const refused = await refusalOf(action);
    setFailure(refused);
    if (refused === null) onChange();
  };
  const take = async () => {
    setFailure(null);
    try {
      const { data } = await client.query({ query: BatchLinks, variables: { id: batch.id }, fetchPolicy: 'no-cache' });
      const links = data?.node?.__typename === 'BatchPrediction' ? data.node.downloads : [];
      for (const link of links) startDownload(link.url, link.fileName);
      if (links.length === 0) setFailure('Its files are not there any more.');
    } catch (error) {
      setFailure(describeFailure(error));
    }
  };

  return (
    <li className="space-y-3 py-4 first:pt-0 last:pb-0">
      {ended ? null : <BatchLive id={batch.id} onRefetch={onChange} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="font-medium break-words">{batch.fileName}</p>
          <p className="text-xs text-muted">
            {formatBytes(batch.sizeBytes)} · {formatCounted(batch.progress.rowsDone, 'row')}
            {batch.progress.rowsInError > 0 ? `, ${formatCounted(batch.progress.rowsInError, 'in error', 'in error')}` : ''} · {formatAgo(Date.parse(batch.createdAt), now)}
          </p>
        </div>
        <Badge tone={state.tone}>{state.name}</Badge>
        {batch.state === 'COMPLETED' ? (
          <Button size="small" aria-label={`Download the predictions of ${batch.fileName}`} onClick={() => void take()}>
            <Download aria-hidden className="size-4" />
            Download
          </Button>
        ) : null}
        {ended ? (
          <span className="-mr-2.5">
            <ConfirmButton
              look="remove"
              size="small"
              busy={removing.loading}
              ariaLabel={`Delete the predictions of ${batch.fileName}`}
              question={`Delete the predictions of “${batch.fileName}”?`}
              consequence="The file of rows and the answers are removed for good. The model stays."
              verb="Delete"
              onConfirm={() => void attempt(async () => (await remove({ variables })).data?.deleteBatchPrediction?.userErrors)}
            >
              <Trash2 aria-hidden className="size-4" />
            </ConfirmButton>
          </span>
        ) : (
          <Button size="small" look="danger" busy={cancelling.loading} onClick={() => void attempt(async () => (await cancel({ variables })).data?.cancelBatchPrediction?.userErrors)}>
            <Square aria-hidden className="size-3.5" />
            Cancel
          </Button>
        )}
      </div>
      {ended ? null : <ProgressBar label={`Predicting ${batch.fileName}`} share={batch.state === 'QUEUED' ? null : batch.progress.share} />}
      {batch.error !== null ? <Callout tone="bad">{batch.error}</Callout> : null}
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      {batch.state === 'COMPLETED' ? (
        <details>
          <summary className="cursor-pointer text-xs text-accent">What came out besides</summary>
          <div className="mt-3">
            <BatchReport batch={batch} />
          </div>
        </details>
      ) : null}
    </li>
  );
}
