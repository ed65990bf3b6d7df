// docs/tutorial.md, line by line, over HTTP and a WebSocket.
//
//   BASE_URL=http://127.0.0.1:8080 TOKEN=... node --test tutorial.mjs
import test from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { check, filled, steps } from './tutorial-page.mjs';

const { BASE_URL, TOKEN } = process.env;
if (!BASE_URL || !TOKEN) throw new Error('Set BASE_URL and TOKEN; `automl serve --json` prints them.');

async function ask(query) {
  const response = await fetch(`${BASE_URL}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** The last event of a subscription that ends by itself. */
async function last(query) {
  const client = createClient({ url: `${BASE_URL.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { token: TOKEN } });
  let event;
  for await (const result of client.iterate({ query })) event = result;
  await client.dispose();
  return event;
}

test('the tutorial works as it is written', async (context) => {
  const ids = new Map();
  for (const { title, operation, excerpt } of steps()) {
    await context.test(title, async () => {
      const query = filled(operation, ids);
      check(await (query.startsWith('subscription') ? last(query) : ask(query)), excerpt, ids);
    });
  }
});
