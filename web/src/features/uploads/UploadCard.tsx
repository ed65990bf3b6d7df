import { useNavigate } from '@tanstack/react-router';
import { FileUp } from 'lucide-react';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Text } from 'react-aria-components/Text';
import { formatBytes, formatDuration } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { ProgressBar } from '../../ui/ProgressBar';
import { useUpload, type UploadStatus } from './useUpload';

/** Takes a dropped or chosen file to the server and opens its dataset. */
export function UploadCard({ limitBytes }: { limitBytes: number | null }) {
  const navigate = useNavigate();
  const { status, start, cancel } = useUpload(limitBytes, (datasetId) => {
    void navigate({ to: '/datasets/$datasetId', params: { datasetId }, search: {} });
  });
  const sending = status.kind === 'sending';
  return (
    <DropZone
      aria-label="Drop a table here"
      isDisabled={sending}
      getDropOperation={() => 'copy'}
      onDrop={(event) => {
        const item = event.items.find((one) => one.kind === 'file');
        if (item?.kind === 'file') void item.getFile().then(start);
      }}
      className="flex flex-col items-center justify-center gap-4 rounded-2xl border-2 border-dashed border-edge bg-panel p-6 text-center transition-colors drop-target:border-accent drop-target:bg-accent-soft sm:p-10"
    >
      <FileUp aria-hidden className="size-10 text-accent" />
      <div>
        <Text slot="label" className="text-lg font-semibold">
          Drop a table here
        </Text>
        <p className="mx-auto mt-1 max-w-sm text-muted">
          CSV, TSV, Parquet or JSON lines; .gz and .zst are fine. The first row of a text file holds the column names.
          {limitBytes !== null ? ` Up to ${formatBytes(limitBytes)}.` : ''}
        </p>
      </div>
      {sending ? (
        <Sending status={status} onCancel={cancel} />
      ) : (
        <FileTrigger
          onSelect={(files) => {
            const file = files?.item(0);
            if (file) start(file);
          }}
        >
          <Button look="primary" size="large">
            Choose a file
          </Button>
        </FileTrigger>
      )}
      {status.kind === 'failed' ? (
        <div className="w-full text-left">
          <Callout tone="bad" title={`${status.fileName} was not added`}>
            <p>{status.message}</p>
          </Callout>
        </div>
      ) : null}
    </DropZone>
  );
}

function Sending({ status, onCancel }: { status: Extract<UploadStatus, { kind: 'sending' }>; onCancel: () => void }) {
  const { sentBytes, totalBytes, bytesPerSecond } = status.progress;
  const left = bytesPerSecond !== null && bytesPerSecond > 0 ? (totalBytes - sentBytes) / bytesPerSecond : null;
  const words = `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}`;
  return (
    <div className="w-full max-w-sm space-y-2">
      <p className="truncate font-medium">{status.fileName}</p>
      <ProgressBar label={`Uploading ${status.fileName}`} share={sentBytes / totalBytes} valueText={words} />
      <p className="tabular text-xs text-muted">
        {words}
        {left !== null ? ` · ${formatDuration(left)} left` : ''}
      </p>
      <Button size="small" onPress={onCancel}>
        Cancel the upload
      </Button>
    </div>
  );
}
