import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { graphql } from '../../gql';
import { describeFailure, describeUserErrors } from '../../lib/failure';
import { formatBytes } from '../../lib/format';
import { sendFile, type UploadProgress } from '../../lib/upload';

const CreateUpload = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      upload {
        id
        url
      }
      userErrors {
        message
      }
    }
  }
`);

const CompleteUpload = graphql(`
  mutation CompleteUpload($input: CompleteUploadInput!) {
    completeUpload(input: $input) {
      dataset {
        id
        name
        state
        version
      }
      userErrors {
        message
      }
    }
  }
`);

export type UploadStatus =
  | { kind: 'idle' }
  | { kind: 'sending'; fileName: string; progress: UploadProgress }
  | { kind: 'failed'; fileName: string; message: string };

/** Why a file is refused before a byte is sent, or null. */
export function refuseFile(file: { name: string; size: number }, limitBytes: number | null): string | null {
  if (file.size === 0) return 'The file is empty.';
  if (limitBytes !== null && file.size > limitBytes) {
    return `The file has ${formatBytes(file.size)}; this server takes up to ${formatBytes(limitBytes)}.`;
  }
  if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) return 'Spreadsheets are not read. Save the sheet as CSV, then add that file.';
  return null;
}

/** One upload at a time: createUpload, the bytes, completeUpload. */
export function useUpload(limitBytes: number | null, onDataset: (id: string) => void) {
  const client = useApolloClient();
  const [status, setStatus] = useState<UploadStatus>({ kind: 'idle' });
  const abort = useRef<AbortController | null>(null);

  useEffect(() => () => abort.current?.abort(), []);

  const upload = useCallback(
    async (file: File, signal: AbortSignal): Promise<string> => {
      const created = await client.mutate({ mutation: CreateUpload, variables: { input: { fileName: file.name, sizeBytes: file.size } } });
      const ticket = created.data?.createUpload?.upload;
      if (!ticket) throw new Error(describeUserErrors(created.data?.createUpload?.userErrors) ?? 'The server refused the upload.');
      await sendFile({
        url: ticket.url,
        file,
        signal,
        onProgress: (progress) => setStatus({ kind: 'sending', fileName: file.name, progress }),
      });
      const completed = await client.mutate({ mutation: CompleteUpload, variables: { input: { uploadId: ticket.id } } });
      const dataset = completed.data?.completeUpload?.dataset;
      if (!dataset) throw new Error(describeUserErrors(completed.data?.completeUpload?.userErrors) ?? 'The server refused the file.');
      return dataset.id;
    },
    [client],
  );

  const start = useCallback(
    (file: File) => {
      const refusal = refuseFile(file, limitBytes);
      if (refusal !== null) {
        setStatus({ kind: 'failed', fileName: file.name, message: refusal });
        return;
      }
      const controller = new AbortController();
      abort.current = controller;
      setStatus({ kind: 'sending', fileName: file.name, progress: { sentBytes: 0, totalBytes: file.size, bytesPerSecond: null } });
      upload(file, controller.signal).then(
        (id) => {
          setStatus({ kind: 'idle' });
          onDataset(id);
        },
        (error: unknown) => {
          if (controller.signal.aborted) setStatus({ kind: 'idle' });
          else setStatus({ kind: 'failed', fileName: file.name, message: describeFailure(error) });
        },
      );
    },
    [limitBytes, onDataset, upload],
  );

  const cancel = useCallback(() => abort.current?.abort(), []);
  return { status, start, cancel };
}
