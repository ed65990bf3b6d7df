import { FileUp } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { formatBytes, formatDuration } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { ProgressBar } from '../../ui/ProgressBar';
import type { Finish } from './transfer';
import { useUpload, type UploadStatus } from './useUpload';

type UploadCardProps<Result> = {
  /** The name of the region, and what it asks for. */
  label: string;
  title: string;
  note: ReactNode;
  limitBytes: number | null;
  finish: Finish<Result>;
  onDone: (result: Result) => void;
};

/** Takes a dropped or chosen file to the server. */
export function UploadCard<Result>({ label, title, note, limitBytes, finish, onDone }: UploadCardProps<Result>) {
  const { status, start, pause, resume, cancel } = useUpload(limitBytes, finish, onDone);
  const picker = useRef<HTMLInputElement>(null);
  const [dragged, setDragged] = useState(false);
  const sending = status.kind === 'sending' || status.kind === 'paused';
  const take = (files: FileList | null) => {
    const file = files?.item(0);
    if (file && !sending) start(file);
  };
  return (
    <section
      aria-label={label}
      onDragOver={(event) => {
        event.preventDefault();
        setDragged(true);
      }}
      onDragLeave={(event) => {
        // Leaving for a child is not leaving.
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragged(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDragged(false);
        take(event.dataTransfer.files);
      }}
      className={`flex flex-col items-center justify-center gap-4 rounded-2xl border border-dashed p-6 text-center transition-colors sm:p-10
        ${dragged && !sending ? 'border-accent bg-accent-soft' : 'border-edge bg-panel'}`}
    >
      <FileUp aria-hidden className="size-10 text-accent" />
      <div>
        <h2 className="text-lg font-semibold">{title}</h2>
        <p className="mx-auto mt-1 max-w-sm text-balance text-muted">
          {note}
          {limitBytes !== null ? ` Up to ${formatBytes(limitBytes)}.` : ''}
        </p>
      </div>
      {sending ? (
        <Sending status={status} onPause={pause} onResume={resume} onCancel={cancel} />
      ) : (
        <>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label="Table"
            onChange={(event) => {
              take(event.target.files);
              // So that the same file can be chosen again after a failure.
              event.target.value = '';
            }}
          />
          <Button look="primary" size="large" onClick={() => picker.current?.click()}>
            Choose a file
          </Button>
        </>
      )}
      {status.kind === 'interrupted' ? (
        <div className="w-full text-left">
          <Callout
            title={`${status.fileName} was being uploaded when this page was left`}
            action={
              <Button size="small" onClick={cancel}>
                Give it up
              </Button>
            }
          >
            <p>Choose the same file again, and it goes on where it was.</p>
          </Callout>
        </div>
      ) : null}
      {status.kind === 'failed' ? (
        <div className="w-full text-left">
          <Callout tone="bad" title={`${status.fileName} was not added`}>
            <p>{status.message}</p>
          </Callout>
        </div>
      ) : null}
    </section>
  );
}

type SendingProps = {
  status: Extract<UploadStatus, { kind: 'sending' | 'paused' }>;
  onPause: () => void;
  onResume: () => void;
  onCancel: () => void;
};

function Sending({ status, onPause, onResume, onCancel }: SendingProps) {
  const isPaused = status.kind === 'paused';
  const { sentBytes, totalBytes, bytesPerSecond } = status.progress;
  const left = !isPaused && bytesPerSecond !== null && bytesPerSecond > 0 ? (totalBytes - sentBytes) / bytesPerSecond : null;
  const words = `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}${isPaused ? ' · paused' : ''}`;
  return (
    <div className="w-full max-w-sm space-y-2">
      <p className="truncate font-medium">{status.fileName}</p>
      <ProgressBar label={`Uploading ${status.fileName}`} share={sentBytes / totalBytes} valueText={words} />
      <p className="tabular text-xs text-muted">
        {words}
        {left !== null ? ` · ${formatDuration(left)} left` : ''}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button size="small" onClick={isPaused ? onResume : onPause}>
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
        <Button size="small" onClick={onCancel}>
          Cancel the upload
        </Button>
      </div>
    </div>
  );
}
