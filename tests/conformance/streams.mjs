// Subscriptions over HTTP against a running server: Apollo Client (multipart) and the client of graphql-sse. And Apollo's
// persisted queries, which name their documents.
//
//   BASE_URL=http://127.0.0.1:8080 TOKEN=... node --test streams.mjs
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test, { after, before } from 'node:test';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { createClient } from 'graphql-sse';

const { BASE_URL, TOKEN } = process.env;
if (!BASE_URL || !TOKEN) throw new Error('Set BASE_URL and TOKEN; `automl serve --json` prints them.');
const url = `${BASE_URL}/graphql`;
const headers = { authorization: `Bearer ${TOKEN}` };

const JOB = 'subscription ($id: ID!) { jobUpdated(id: $id) { id version state } }';
const FINAL = ['COMPLETED', 'FAILED', 'CANCELLED'];

function apollo() {
  return new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: url, headers }) });
}

async function ask(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}

let dataset;

before(async () => {
  const made = await ask('mutation { createSampleDataset(input: { key: "penguins" }) { dataset { id } } }');
  dataset = made.createSampleDataset.dataset.id;
  const signal = AbortSignal.timeout(60_000);
  for (;;) {
    const { node } = await ask('query ($id: ID!) { node(id: $id) { ... on Dataset { state } } }', { id: dataset });
    if (node.state === 'READY') return;
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
});

after(() => ask('mutation ($id: ID!) { deleteDataset(input: { id: $id }) { deletedId } }', { id: dataset }));

async function startJob() {
  const input = { datasetId: dataset, target: 'species', budgetSeconds: 10, preset: 'QUICK' };
  const made = await ask('mutation ($input: CreateJobInput!) { createJob(input: $input) { job { id } userErrors { message } } }', { input });
  assert.deepEqual(made.createJob.userErrors, []);
  return made.createJob.job.id;
}

/** What every follower of a job must have seen. */
function assertWasFollowed(events) {
  const versions = events.map((event) => event.version);
  assert.deepEqual(versions, [...new Set(versions)].sort((one, other) => one - other));
  assert.ok(FINAL.includes(events.at(-1).state), JSON.stringify(events));
}

test('Apollo Client follows a job to its end, over HTTP alone', async () => {
  const client = apollo();
  const events = [];
  let first;
  const variables = { id: await startJob() };
  const asked = Date.now();
  await new Promise((complete, error) => {
    const next = (result) => {
      first ??= Date.now() - asked;
      if (result.error) error(result.error);
      else events.push(result.data.jobUpdated);
    };
    client.subscribe({ query: gql(JOB), variables }).subscribe({ next, complete, error });
  });
  assertWasFollowed(events);
  assert.ok(first < 2000, `the first event was shown after ${first} ms`);
});

test('graphql-sse follows a job to its end', async () => {
  const client = createClient({ url, headers });
  const events = [];
  const results = client.iterate({ query: JOB, variables: { id: await startJob() } });
  for await (const { data } of results) events.push(data.jobUpdated);
  assertWasFollowed(events);
  client.dispose();
});

test('Apollo Client is told why a subscription cannot begin', async () => {
  for (const [query, code] of [
    ['subscription { jobUpdated(id: "nonsense") { id } }', 'BAD_USER_INPUT'],
    ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ]) {
    const result = await new Promise((next, error) => apollo().subscribe({ query: gql(query) }).subscribe({ next, error }));
    assert.ok(CombinedGraphQLErrors.is(result.error), String(result.error));
    assert.equal(result.error.errors[0].extensions.code, code);
  }
});

test('graphql-sse runs what is no subscription, and is told what cannot run', async () => {
  const client = createClient({ url, headers });
  const results = [];
  for await (const result of client.iterate({ query: '{ __typename }' })) results.push(result);
  // An administrator is told the cost as well.
  assert.deepEqual(results, [{ data: { __typename: 'Query' }, extensions: { cost: 1 } }]);
  const refused = [];
  for await (const result of client.iterate({ query: '{ nothing }' })) refused.push(result);
  assert.equal(refused.length, 1);
  assert.equal(refused[0].errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  client.dispose();
});

test('without a token there is no stream', async () => {
  const client = createClient({ url, headers: { authorization: 'Bearer wrong' }, retryAttempts: 0 });
  await assert.rejects(client.iterate({ query: JOB, variables: { id: 'x' } }).next(), /401|Unauthorized/);
  client.dispose();
});

test('Apollo Client names its documents after it has sent them once', async () => {
  const bodies = [];
  const fetchAndNote = (address, options) => {
    bodies.push(JSON.parse(options.body));
    return fetch(address, options);
  };
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new PersistedQueryLink({ sha256 }).concat(new HttpLink({ uri: url, headers, fetch: fetchAndNote })),
  });
  // Nobody has registered this one before.
  const query = gql(`query Once${Date.now()} { viewer { id } }`);
  for (let turn = 0; turn < 2; turn += 1) {
    const { data } = await client.query({ query, fetchPolicy: 'network-only' });
    assert.ok(data.viewer.id);
  }
  assert.deepEqual(bodies.map((body) => 'query' in body), [false, true, false]);
});
