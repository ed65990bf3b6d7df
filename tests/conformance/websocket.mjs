// The client of graphql-ws against a running server, and the close codes it must see.
//
//   BASE_URL=http://127.0.0.1:8080 TOKEN=... node --test websocket.mjs
import assert from 'node:assert/strict';
import test from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { BASE_URL, TOKEN } = process.env;
if (!BASE_URL || !TOKEN) throw new Error('Set BASE_URL and TOKEN; `automl serve --json` prints them.');
const url = `${BASE_URL.replace(/^http/, 'ws')}/graphql`;

/** Opens a socket, sends the messages one after the other, and tells the code it is closed with. */
function closeCode(messages, protocol = 'graphql-transport-ws') {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocol);
    socket.on('open', () => messages.forEach((message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message))));
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}

const init = { type: 'connection_init', payload: { token: TOKEN } };
const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ __typename }' } };

test('a query runs and completes', async () => {
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${TOKEN}` } });
  const results = [];
  for await (const result of client.iterate({ query: '{ __typename }' })) results.push(result);
  // An administrator is told the cost as well.
  assert.deepEqual(results, [{ data: { __typename: 'Query' }, extensions: { cost: 1 } }]);
  await client.dispose();
});

test('an operation that cannot run is an error, and the connection goes on', async () => {
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { token: TOKEN } });
  await assert.rejects(client.iterate({ query: '{ nothing }' }).next(), (errors) => {
    assert.equal(errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    return true;
  });
  const result = await client.iterate({ query: '{ __typename }' }).next();
  assert.equal(result.value.data.__typename, 'Query');
  await client.dispose();
});

test('the client comes back with a fresh token after 4403', async () => {
  const tokens = ['expired', TOKEN];
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    retryWait: async () => {},
    connectionParams: () => ({ token: tokens.shift() }),
  });
  const result = await client.iterate({ query: '{ __typename }' }).next();
  assert.equal(result.value.data.__typename, 'Query');
  await client.dispose();
});

for (const [name, messages, code] of [
  ['a bad token', [{ type: 'connection_init', payload: { token: 'wrong' } }], 4403],
  ['a second connection_init', [init, init], 4429],
  ['subscribe before the acknowledgement', [subscribe], 4401],
  ['a message that is none', ['nonsense'], 4400],
  ['an unknown message', [{ type: 'start' }], 4400],
  ['no connection_init in time', [], 4408],
]) {
  test(`${name} closes with ${code}`, async () => assert.equal(await closeCode(messages), code));
}

for (const protocol of ['graphql-ws', []]) {
  test(`the subprotocol ${JSON.stringify(protocol)} is refused at the upgrade`, async () => {
    await assert.rejects(closeCode([], protocol), /400/);
  });
}
