// Sends a file straight to the store of files: in one signed form, or in signed parts of which those that arrived stay.
import { sendBody, type SendBody } from './sendBody';
import type { UploadProgress } from './upload';

const ATTEMPTS = 6;
const PARTS_AT_A_TIME = 3;

type Common = {
  file: Blob;
  signal: AbortSignal;
  onProgress: (progress: UploadProgress) => void;
  /** The time in milliseconds, the wait before another attempt, and the sending: arguments so that tests need no real ones. */
  now?: () => number;
  pause?: (milliseconds: number) => Promise<void>;
  send?: SendBody;
};

export type Form = { url: string; fields: readonly { name: string; value: string }[] };
export type PartLink = { number: number; url: string };

class Refused extends Error {}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Tells progress with the speed since the beginning, of which `already` bytes were there. */
function reporter({ file, onProgress, now = () => performance.now() }: Common, already: number) {
  const begun = now();
  return (sent: number) => {
    const sentBytes = Math.min(sent, file.size);
    const seconds = (now() - begun) / 1000;
    const bytesPerSecond = seconds > 0.2 && sentBytes > already ? (sentBytes - already) / seconds : null;
    onProgress({ sentBytes, totalBytes: file.size, bytesPerSecond });
  };
}

/** Runs one attempt after the other until one succeeds; a refusal that would only repeat itself ends it at once. */
async function insist({ signal, pause = wait }: Common, attempt: () => Promise<number>): Promise<void> {
  for (let failures = 0; ; ) {
    let cause: unknown;
    try {
      const status = await attempt();
      if (status >= 200 && status < 300) return;
      // 403 is also what a link gets that has expired on a slow way: the next attempt has a fresh one.
      if (status >= 400 && status < 500 && ![403, 408, 429].includes(status)) {
        throw new Refused(`The store of files refused the file (status ${status}).`);
      }
      cause = new Error(`The store of files answered with status ${status}.`);
    } catch (error) {
      if (signal.aborted || error instanceof Refused || !(error instanceof TypeError)) throw error;
      cause = error;
    }
    failures += 1;
    if (failures >= ATTEMPTS) throw new Error('The file could not be sent, again and again. Check the network, then try again.', { cause });
    await pause(500 * 2 ** failures);
    if (signal.aborted) throw new DOMException('aborted', 'AbortError');
  }
}

/** Posts the file in one form; `askForm` signs a fresh one for each attempt. */
export async function sendForm(options: Common & { askForm: () => Promise<Form> }): Promise<void> {
  const { file, signal, askForm, send = sendBody } = options;
  const report = reporter(options, 0);
  await insist(options, async () => {
    const form = await askForm();
    const body = new FormData();
    for (const field of form.fields) body.append(field.name, field.value);
    // The name of the user's file stays here.
    body.append('file', file, 'file');
    return send({ method: 'POST', url: form.url, body, signal, onSent: report });
  });
  report(file.size);
}

/** Puts the parts that are not `there` yet, a few at a time; `signPart` signs a fresh link for each attempt. */
export async function sendParts(
  options: Common & { partBytes: number; there: readonly number[]; signPart: (number: number) => Promise<PartLink> },
): Promise<void> {
  const { file, partBytes, there, signPart, signal, send = sendBody } = options;
  const arrived = new Set(there);
  const missing: number[] = [];
  let done = 0;
  for (let number = 1; (number - 1) * partBytes < file.size; number += 1) {
    if (arrived.has(number)) done += sizeOf(number);
    else missing.push(number);
  }
  const underWay = new Map<number, number>();
  const report = reporter(options, done);
  const tell = () => report(done + [...underWay.values()].reduce((sum, bytes) => sum + bytes, 0));
  function sizeOf(number: number) {
    return Math.min(partBytes, file.size - (number - 1) * partBytes);
  }
  const sendOne = async (number: number) => {
    const begin = (number - 1) * partBytes;
    await insist(options, async () => {
      const link = await signPart(number);
      return send({
        method: 'PUT',
        url: link.url,
        body: file.slice(begin, begin + sizeOf(number)),
        signal,
        onSent: (bytes) => {
          underWay.set(number, bytes);
          tell();
        },
      });
    });
    underWay.delete(number);
    done += sizeOf(number);
    tell();
  };
  const line = async () => {
    for (let number = missing.shift(); number !== undefined; number = missing.shift()) await sendOne(number);
  };
  tell();
  try {
    await Promise.all(Array.from({ length: PARTS_AT_A_TIME }, line));
  } catch (error) {
    // The other lines begin nothing new.
    missing.length = 0;
    throw error;
  }
}
