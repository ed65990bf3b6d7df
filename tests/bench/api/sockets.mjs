// Sockets that speak graphql-transport-ws: many that do nothing, and one that waits for changes.
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { ask } from './parts.mjs';

/** Resolves once the server has let the socket in. */
function open(url, token) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { token } })));
    socket.once('message', () => resolve(socket));
  });
}

/** Opens so many sockets, shared evenly by the owners of the tokens; what is returned closes them. */
export async function openSockets(url, tokens, count) {
  const sockets = [];
  while (sockets.length < count) {
    const few = Array.from({ length: Math.min(100, count - sockets.length) }, (_, number) => tokens[(sockets.length + number) % tokens.length]);
    sockets.push(...(await Promise.all(few.map((token) => open(url, token)))));
  }
  return () => sockets.forEach((socket) => socket.terminate());
}

/** Milliseconds, in order, from asking one api to rename a waiting job to the event at a client of another api. */
export async function watchCommits({ from, at, pool, userId }) {
  const { rows } = await pool.query('SELECT id FROM dataset WHERE user_id = $1 LIMIT 1', [userId]);
  const key = randomUUID();
  await pool.query(
    `INSERT INTO job (id, user_id, dataset_id, name, state, version, target, settings, notes, finish_requested, cancel_requested, created_at)
     VALUES ($1, $2, $3, 'Waiting', 'queued', 1, 'y', $4, '[]', false, false, now())`,
    [key, userId, rows[0].id, JSON.stringify({ budget_seconds: 60, preset: 'balanced', seed: 0, exclude: [], roles: {} })],
  );
  const id = Buffer.from(`job:${key.replaceAll('-', '')}`).toString('base64url');
  const socket = await open(at.url, at.token);
  const seen = [];
  let told = () => {};
  socket.on('message', (text) => told(JSON.parse(text)));
  const event = (name) =>
    new Promise((resolve, reject) => {
      told = ({ type, payload }) => {
        if (type === 'ping' || type === 'pong') return;
        const job = payload?.data?.jobUpdated;
        if (!job) reject(new Error(`the subscription ended with ${type} ${JSON.stringify(payload)}`));
        else if (job.name === name) resolve();
      };
    });
  const first = event('Waiting');
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription W($id: ID!) { jobUpdated(id: $id) { name version } }', variables: { id } } }));
  await first;
  for (let count = 0; count < 200; count += 1) {
    const name = `Name ${count}`;
    const began = performance.now();
    const heard = event(name);
    const answer = await ask(`${from.url}/graphql`, from.token, 'mutation R($input: RenameJobInput!) { renameJob(input: $input) { userErrors { message } } }', { input: { id, name } });
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    await heard;
    seen.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  socket.terminate();
  return seen.sort((left, right) => left - right);
}
