// One file from this browser to a dataset: announced or taken up again, sent in the way that the server names, completed.
import type { ApolloClient } from '@apollo/client';
import { sendForm, sendParts } from '../../lib/directUpload';
import { describeUserErrors } from '../../lib/failure';
import { isSameFile, keepUnfinished, readUnfinished } from '../../lib/unfinished';
import { sendFile, type UploadProgress } from '../../lib/upload';
import { CancelUpload, CompleteUpload, CreateUpload, SignUploadParts, UploadForm, UploadProgressQuery } from './operations';

type Sending = { file: File; signal: AbortSignal; onProgress: (progress: UploadProgress) => void };
type Ticket = { id: string; method: 'PATCH' | 'POST_FORM' | 'PARTS'; url: string | null; partSizeBytes: number | null };
/** What is there already; null for an upload that has just begun. */
type There = { isWhole: boolean; parts: number[] } | null;

const GONE = 'The upload has expired. Choose the file again.';

/** What becomes of a file whose bytes are all there. */
export type Finish<Result> = (client: ApolloClient, uploadId: string) => Promise<Result>;

/** Sends the file, then makes of it what `finish` does. */
export async function transfer<Result>(client: ApolloClient, sending: Sending, finish: Finish<Result>): Promise<Result> {
  const { file } = sending;
  const { ticket, there } = (await takeUp(client, file)) ?? { ticket: await begin(client, file), there: null };
  keepUnfinished({ uploadId: ticket.id, name: file.name, size: file.size, lastModified: file.lastModified });
  if (!there?.isWhole) await send(client, sending, ticket, there);
  const result = await finish(client, ticket.id);
  keepUnfinished(null);
  return result;
}

/** Forgets the upload that is under way here, and tells the server to remove what arrived. */
export async function giveUp(client: ApolloClient): Promise<void> {
  const unfinished = readUnfinished();
  keepUnfinished(null);
  if (unfinished === null) return;
  await client.mutate({ mutation: CancelUpload, variables: { input: { uploadId: unfinished.uploadId } } });
}

/** The upload that was under way with the same file, if the server still has it. */
async function takeUp(client: ApolloClient, file: File): Promise<{ ticket: Ticket; there: There } | null> {
  const unfinished = readUnfinished();
  if (unfinished === null || !isSameFile(unfinished, file)) return null;
  const variables = { id: unfinished.uploadId };
  const { data } = await client.query({ query: UploadProgressQuery, variables, fetchPolicy: 'no-cache' });
  const upload = data?.upload;
  if (!upload) return null;
  const there = { isWhole: upload.receivedBytes === upload.sizeBytes, parts: upload.parts.map((part) => part.number) };
  return { ticket: upload, there };
}

async function begin(client: ApolloClient, file: File): Promise<Ticket> {
  const variables = { input: { fileName: file.name, sizeBytes: file.size } };
  const { data } = await client.mutate({ mutation: CreateUpload, variables, fetchPolicy: 'no-cache' });
  const ticket = data?.createUpload?.upload;
  if (!ticket) throw new Error(describeUserErrors(data?.createUpload?.userErrors) ?? 'The server refused the upload.');
  return ticket;
}

async function send(client: ApolloClient, sending: Sending, ticket: Ticket, there: There): Promise<void> {
  if (ticket.method === 'POST_FORM') {
    await sendForm({ ...sending, askForm: () => askForm(client, ticket.id) });
  } else if (ticket.method === 'PARTS' && ticket.partSizeBytes !== null) {
    const signPart = (number: number) => sign(client, ticket.id, number);
    await sendParts({ ...sending, partBytes: ticket.partSizeBytes, there: there?.parts ?? [], signPart });
  } else if (ticket.url !== null) {
    await sendFile({ ...sending, url: ticket.url, resuming: there !== null });
  }
}

async function askForm(client: ApolloClient, id: string) {
  const { data } = await client.query({ query: UploadForm, variables: { id }, fetchPolicy: 'no-cache' });
  const upload = data?.upload;
  if (!upload || upload.url === null) throw new Error(GONE);
  return { url: upload.url, fields: upload.formFields };
}

async function sign(client: ApolloClient, uploadId: string, number: number) {
  const variables = { input: { uploadId, partNumbers: [number] } };
  const { data } = await client.mutate({ mutation: SignUploadParts, variables, fetchPolicy: 'no-cache' });
  const link = data?.signUploadParts?.links?.[0];
  if (!link) throw new Error(describeUserErrors(data?.signUploadParts?.userErrors) ?? GONE);
  return link;
}

/** The file becomes a dataset; returns its id. */
export async function makeDataset(client: ApolloClient, uploadId: string): Promise<string> {
  const { data } = await client.mutate({ mutation: CompleteUpload, variables: { input: { uploadId } } });
  const dataset = data?.completeUpload?.dataset;
  if (!dataset) throw new Error(describeUserErrors(data?.completeUpload?.userErrors) ?? 'The server refused the file.');
  return dataset.id;
}
