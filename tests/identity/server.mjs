// The program under test: `automl serve` over a throw-away home, or, with the URL of a Postgres server in AUTOML_TEST_POSTGRES,
// `automl api` over that.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Several processes over one database, instead of one over a file. */
export const IS_POOL = Boolean(process.env.AUTOML_TEST_POSTGRES);

/** Starts it with these variables, on that port (0: a free one); its address, the token of its owner, and what it logs. */
export async function startServer(variables, port = 0) {
  const program = process.env.AUTOML;
  assert(program, 'Set AUTOML to the program: target/debug/automl.');
  const home = await mkdtemp(join(tmpdir(), 'automl-identity-'));
  const database = IS_POOL ? { AUTOML_DATABASE_URL: process.env.AUTOML_TEST_POSTGRES } : {};
  const child = spawn(program, [IS_POOL ? 'api' : 'serve', '--json', '--port', String(port), '--home', home], {
    env: { ...process.env, ...database, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = { log: '', child };
  child.stderr.on('data', (bytes) => (server.log += bytes));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const first = new Promise((resolve) => createInterface(child.stdout).once('line', resolve));
  const line = await Promise.race([first, ended]);
  if (typeof line !== 'string') {
    await rm(home, { recursive: true });
    assert.fail(`it did not start:\n${server.log}`);
  }
  Object.assign(server, JSON.parse(line));
  server.stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true });
  };
  return server;
}

/** Asks by GraphQL; without a token where none is given. */
export async function ask(server, query, variables, token) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, answer: await response.json() };
}

/** Asks who the owner of a token is: the answer's status and the viewer. */
export async function viewer(server, token) {
  const { answer, ...response } = await ask(server, '{ viewer { id name email } }', {}, token);
  return { status: response.status, viewer: answer.data?.viewer, code: answer.errors?.[0].extensions.code };
}
