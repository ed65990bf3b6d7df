// Sends a file to this server in parts that it acknowledges one by one; after a lost connection it asks how much arrived and goes on.
import { freshToken } from './session';

const PART_BYTES = 8 * 1024 * 1024;
const ATTEMPTS = 6;

export type UploadProgress = { sentBytes: number; totalBytes: number; bytesPerSecond: number | null };

type SendOptions = {
  url: string;
  file: Blob;
  signal: AbortSignal;
  onProgress: (progress: UploadProgress) => void;
  /** True when bytes may be there already: the server is asked first. */
  resuming?: boolean;
  /** The time in milliseconds; an argument so that tests need no real one. */
  now?: () => number;
  /** Waits before another attempt. */
  pause?: (milliseconds: number) => Promise<void>;
};

class RefusedPart extends Error {}

async function headers(more: Record<string, string>): Promise<Record<string, string>> {
  const token = await freshToken();
  return token === null ? more : { ...more, Authorization: `Bearer ${token}` };
}

function offsetOf(response: Response): number | null {
  const text = response.headers.get('Upload-Offset');
  if (text === null || !/^\d+$/.test(text)) return null;
  return Number(text);
}

/** How many bytes the server holds. */
async function askOffset(url: string, signal: AbortSignal): Promise<number> {
  const response = await fetch(url, { method: 'HEAD', headers: await headers({}), signal });
  const offset = offsetOf(response);
  if (response.ok && offset !== null) return offset;
  if (response.status === 404 || response.status === 410) throw new RefusedPart('The upload has expired. Choose the file again.');
  throw new Error(`The server does not say how much of the file arrived (status ${response.status}).`);
}

async function sendPart(options: SendOptions, offset: number): Promise<number> {
  const { url, file, signal } = options;
  const response = await fetch(url, {
    method: 'PATCH',
    headers: await headers({ 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }),
    body: file.slice(offset, offset + PART_BYTES),
    signal,
  });
  if (response.status === 409) return askOffset(url, signal);
  // The body broke off on its way; what arrived is kept.
  if (response.status === 400 && offsetOf(response) !== null) throw new Error('A part of the file arrived broken.');
  if (response.status === 413) throw new RefusedPart('The file is larger than this server takes.');
  if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429) {
    throw new RefusedPart(`The server refused the file (status ${response.status}).`);
  }
  if (!response.ok) throw new Error(`The server answered with status ${response.status}.`);
  return offsetOf(response) ?? Math.min(file.size, offset + PART_BYTES);
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Sends all of `file`; ends when every byte is acknowledged, or throws in words for the user. */
export async function sendFile(options: SendOptions): Promise<void> {
  const { file, signal, onProgress, resuming = false, now = () => performance.now(), pause = wait } = options;
  const begun = now();
  let offset = 0;
  let failures = 0;
  let mustAsk = resuming;
  let already: number | null = resuming ? null : 0;
  while (offset < file.size) {
    try {
      if (mustAsk) {
        offset = await askOffset(options.url, signal);
        mustAsk = false;
        already ??= offset;
        continue;
      }
      const reached = await sendPart(options, offset);
      if (reached <= offset) throw new Error('The server takes no more of the file.');
      offset = reached;
      // Counted without progress in between: asking alone is no progress.
      failures = 0;
    } catch (error) {
      if (signal.aborted || error instanceof RefusedPart) throw error;
      failures += 1;
      if (failures >= ATTEMPTS) throw new Error('The connection was lost too often. Check the network, then try again.', { cause: error });
      mustAsk = true;
      await pause(500 * 2 ** failures);
      continue;
    }
    const seconds = (now() - begun) / 1000;
    onProgress({ sentBytes: offset, totalBytes: file.size, bytesPerSecond: seconds > 0.2 ? (offset - (already ?? 0)) / seconds : null });
  }
}
