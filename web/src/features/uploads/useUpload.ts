import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { describeFailure } from '../../lib/failure';
import { formatBytes } from '../../lib/format';
import { readUnfinished } from '../../lib/unfinished';
import type { UploadProgress } from '../../lib/upload';
import { giveUp, transfer, type Finish } from './transfer';

export type UploadStatus =
  | { kind: 'idle' }
  /** An upload was under way when the page was left; the browser must be given the file again. */
  | { kind: 'interrupted'; fileName: string }
  | { kind: 'sending'; fileName: string; progress: UploadProgress }
  | { kind: 'paused'; fileName: string; progress: UploadProgress }
  | { kind: 'failed'; fileName: string; message: string };

/** Why an upload was aborted; a paused one has another reason. */
const CANCELLED = 'cancelled';

/** Why a file is refused before a byte is sent, or null. */
export function refuseFile(file: { name: string; size: number }, limitBytes: number | null): string | null {
  if (file.size === 0) return 'The file is empty.';
  if (limitBytes !== null && file.size > limitBytes) {
    return `The file has ${formatBytes(file.size)}; this server takes up to ${formatBytes(limitBytes)}.`;
  }
  if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) return 'Spreadsheets are not read. Save the sheet as CSV, then add that file.';
  return null;
}

function initialStatus(): UploadStatus {
  const unfinished = readUnfinished();
  return unfinished === null ? { kind: 'idle' } : { kind: 'interrupted', fileName: unfinished.name };
}

/** One upload at a time, that can be paused, gone on with, given up, and taken up again after a reload. */
export function useUpload<Result>(limitBytes: number | null, finish: Finish<Result>, onDone: (result: Result) => void) {
  const client = useApolloClient();
  const [status, setStatus] = useState<UploadStatus>(initialStatus);
  const abort = useRef<AbortController | null>(null);
  const paused = useRef<File | null>(null);

  useEffect(() => () => abort.current?.abort(), []);

  const start = useCallback(
    (file: File) => {
      const refusal = refuseFile(file, limitBytes);
      if (refusal !== null) {
        setStatus({ kind: 'failed', fileName: file.name, message: refusal });
        return;
      }
      const controller = new AbortController();
      abort.current = controller;
      paused.current = file;
      const fileName = file.name;
      setStatus({ kind: 'sending', fileName, progress: { sentBytes: 0, totalBytes: file.size, bytesPerSecond: null } });
      const onProgress = (progress: UploadProgress) => {
        if (!controller.signal.aborted) setStatus({ kind: 'sending', fileName, progress });
      };
      transfer(client, { file, signal: controller.signal, onProgress }, finish).then(
        (result) => {
          // A pause that came after the last byte pauses nothing.
          if (controller.signal.reason === CANCELLED) return;
          setStatus({ kind: 'idle' });
          onDone(result);
        },
        (error: unknown) => {
          // Whoever aborted it has said what it is now.
          if (controller.signal.aborted) return;
          controller.abort();
          setStatus({ kind: 'failed', fileName, message: describeFailure(error) });
        },
      );
    },
    [client, limitBytes, finish, onDone],
  );

  const pause = useCallback(() => {
    abort.current?.abort();
    setStatus((before) => (before.kind === 'sending' ? { ...before, kind: 'paused' } : before));
  }, []);

  const resume = useCallback(() => {
    if (paused.current !== null) start(paused.current);
  }, [start]);

  const cancel = useCallback(() => {
    abort.current?.abort(CANCELLED);
    setStatus({ kind: 'idle' });
    // What the server cannot be told now, it finds out when the upload expires.
    giveUp(client).catch(() => undefined);
  }, [client]);

  return { status, start, pause, resume, cancel };
}
