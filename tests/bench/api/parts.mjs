// Processes, requests and figures.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const children = new Set();

/** Starts a program; what it prints first is `firstLine`. */
export function start(program, words, variables) {
  const child = spawn(program, words, { env: { ...process.env, ...variables }, stdio: ['ignore', 'pipe', process.env.VERBOSE ? 'inherit' : 'ignore'] });
  children.add(child);
  const lines = createInterface({ input: child.stdout });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const firstLine = new Promise((resolve, reject) => {
    lines.once('line', resolve);
    ended.then((code) => reject(new Error(`${program} ${words[0]} ended with ${code}`)));
  });
  firstLine.catch(() => {});
  const stop = () => {
    child.kill('SIGTERM');
    children.delete(child);
  };
  return { pid: child.pid, firstLine, ended, stop };
}

export function stopAll() {
  for (const child of children) child.kill('SIGKILL');
}

export async function ask(url, token, query, variables) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return response.json();
}

/** Tries until something holds, for two minutes. */
export async function until(what, holds) {
  for (let count = 0; count < 600; count += 1) {
    if (await Promise.resolve().then(holds).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`it never was so that ${what}`);
}

/** Posts one body over and over: requests a second, and milliseconds at the median and at 99 %. None may fail, but to warm up. */
export async function wrk({ url, token }, body, connections, seconds, isWarmUp = false) {
  const script = join(mkdtempSync(join(tmpdir(), 'wrk-')), 'post.lua');
  const lines = [
    'wrk.method = "POST"',
    `wrk.body = ${JSON.stringify(body)}`,
    'wrk.headers["Content-Type"] = "application/json"',
    `wrk.headers["Authorization"] = "Bearer ${token}"`,
    'function done(summary, latency)',
    '  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout',
    '  io.write(string.format("\\nRESULT %f %f %f %d\\n", summary.requests * 1e6 / summary.duration, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, bad))',
    'end',
  ];
  writeFileSync(script, lines.join('\n'));
  const { stdout } = await promisify(execFile)('wrk', ['-t', '1', '--timeout', '10s', '-c', String(connections), '-d', `${seconds}s`, '-s', script, url]);
  const [rate, p50, p99, bad] = /RESULT (\S+) (\S+) (\S+) (\d+)/.exec(stdout).slice(1).map(Number);
  if (bad > 0 && !isWarmUp) throw new Error(`${bad} requests to ${url} failed`);
  return { rate, p50: p50.toFixed(2), p99: p99.toFixed(2) };
}

export function median(values) {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}

export function spread(values) {
  return `median of ${values.length}; ${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
}

const COLUMNS = 50;
/** Columns that the target hangs on: with so many a quick job stops at about 500 trees. */
const USED = 14;

/** A table of fifty numbers, and the first of its rows. The target hangs on pairs of columns, of which one alone says nothing: only trees follow it. */
function table(rows) {
  let state = 88172645463325252n;
  const next = () => {
    state ^= (state << 13n) & 0xffff_ffff_ffff_ffffn;
    state ^= state >> 7n;
    state ^= (state << 17n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 11n) / 2 ** 53;
  };
  const names = Array.from({ length: COLUMNS }, (_, number) => `x${number}`);
  const lines = [`${names.join(',')},y`];
  let first;
  for (let count = 0; count < rows; count += 1) {
    const values = names.map(() => Number(next().toFixed(4)));
    let target = 4 * next();
    for (let number = 0; number < USED; number += 1) {
      target += values[number] > 0.5 !== values[number + 1] > 0.5 ? 3 : 0;
    }
    lines.push(`${values.join(',')},${target.toFixed(4)}`);
    first ??= Object.fromEntries(names.map((name, number) => [name, values[number]]));
  }
  return { text: lines.join('\n'), row: first };
}

/** An access token of the owner of the server, as a browser has one: signed, and remembered for a moment once it was checked. */
export async function signIn(api) {
  const account = { email: 'owner@mail.example', password: 'only of this bench, only here' };
  const query = `mutation M($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } userErrors { message } } }`;
  const enter = async () => (await ask(`${api.url}/graphql`, api.token, query, { input: account })).data?.signIn.tokens?.accessToken;
  const token = await enter();
  if (token) return token;
  await changed(api, 'setPassword', `mutation M($input: SetPasswordInput!) { setPassword(input: $input) { userErrors { message } } }`, account);
  return enter();
}

async function changed(api, field, query, input) {
  const { data, errors } = await ask(`${api.url}/graphql`, api.token, query, { input });
  const wrong = errors ?? data[field].userErrors;
  if (wrong.length > 0) throw new Error(`${field}: ${JSON.stringify(wrong)}`);
  return data[field];
}

/** Trains and deploys a model; its id, its ONNX file and a row for it. */
export async function trained(api, folder) {
  const { text, row } = table(20_000);
  const bytes = Buffer.from(text);
  const sent = await changed(api, 'createUpload', `mutation M($input: CreateUploadInput!) { createUpload(input: $input) { upload { id method url formFields { name value } } userErrors { message } } }`, { fileName: 'fifty.csv', sizeBytes: bytes.length });
  const { id: uploadId, url, method, formFields } = sent.upload;
  if (method === 'POST_FORM') {
    const form = new FormData();
    for (const { name, value } of formFields) form.append(name, value);
    form.append('file', new Blob([bytes]));
    await fetch(url, { method: 'POST', body: form });
  } else {
    await fetch(`${api.url}${url}`, { method: 'PATCH', headers: { authorization: `Bearer ${api.token}`, 'upload-offset': '0' }, body: bytes });
  }
  const { dataset } = await changed(api, 'completeUpload', `mutation M($input: CompleteUploadInput!) { completeUpload(input: $input) { dataset { id } userErrors { message } } }`, { uploadId });
  const read = async (id, fields) => (await ask(`${api.url}/graphql`, api.token, `query N($id: ID!) { node(id: $id) { ${fields} } }`, { id })).data.node;
  await until('the table is read', async () => (await read(dataset.id, '... on Dataset { state }')).state === 'READY');
  const { job } = await changed(api, 'createJob', `mutation M($input: CreateJobInput!) { createJob(input: $input) { job { id } userErrors { message } } }`, { datasetId: dataset.id, target: 'y', budgetSeconds: 30, preset: 'QUICK' });
  await until('the job is over', async () => ['COMPLETED', 'FAILED'].includes((await read(job.id, '... on Job { state }')).state));
  const done = await read(job.id, '... on Job { state error model { id downloads { kind url } } }');
  if (done.state !== 'COMPLETED') throw new Error(done.error);
  await changed(api, 'deployModel', `mutation M($input: DeployModelInput!) { deployModel(input: $input) { model { id } userErrors { message } } }`, { id: done.model.id });
  const download = done.model.downloads.find(({ kind }) => kind === 'ONNX');
  const onnx = join(folder, 'model.onnx');
  writeFileSync(onnx, Buffer.from(await (await fetch(new URL(download.url, api.url))).arrayBuffer()));
  return { id: done.model.id, onnx, row };
}
