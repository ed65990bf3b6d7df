// `make bench-api`: our face beside its rivals, on the services of dev-services. See README.md.
//
//   AUTOML_DATABASE_URL=… (and the rest of dev-services) AUTOML=path PYTHON=path node bench.mjs [hello|jobs|predict|sockets|commit …]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { SignJWT } from 'jose';
import { ask, median, signIn, spread, start, stopAll, trained, until, wrk } from './parts.mjs';
import { openSockets, watchCommits } from './sockets.mjs';
import { seedJobs, seedPeople } from './seed.mjs';
import { statements } from './statements.mjs';

const { AUTOML, PYTHON, AUTOML_DATABASE_URL: DATABASE } = process.env;
const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bench-api-'));
const SECRET = 'only of this bench, only on this machine';
const TURNS = 3;

const parts = { hello, jobs, predict, sockets, commit };

async function main() {
  const api = await startApi();
  const pool = new pg.Pool({ connectionString: DATABASE, max: 2 });
  const userId = (await pool.query(`SELECT id FROM "user" ORDER BY id LIMIT 1`)).rows[0].id;
  await seedJobs(pool, userId);
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) await part({ api, pool, userId });
  }
  await pool.end();
}

/** Allowances that one person cannot use up in a bench. They are counted all the same. */
const ALLOWANCES = { AUTOML_POINTS_PER_MINUTE: '1000000000', AUTOML_PREDICTIONS_PER_SECOND: '1000000000' };

/** An `automl api` with the address and token it prints. */
async function startApi() {
  const child = start(AUTOML, ['api', '--json', '--port', '0', '--home', join(folder, 'api')], ALLOWANCES);
  const { url, token } = JSON.parse(await child.firstLine);
  return { url, token, pid: child.pid };
}

async function rival(kind, port, userId) {
  const child = start('node', ['rivals.mjs', kind, String(port)], { DATABASE_URL: DATABASE, SECRET });
  const url = `http://127.0.0.1:${port}/${kind === 'yoga' ? 'graphql' : ''}`;
  const signed = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject(userId).setIssuer('bench').setAudience('bench');
  const token = await signed.setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode(SECRET));
  await until(`${kind} answers`, async () => (await ask(url, token, '{ __typename }')).data.__typename === 'Query');
  return { url, token, stop: child.stop };
}

/** Requests a second of each server in turns, and ours against each rival. `check` looks at an answer's data. */
async function compare(title, query, { api, userId }, kinds, bars, check) {
  const ours = { url: `${api.url}/graphql`, token: await signIn(api) };
  const servers = { ours };
  let port = 4801;
  for (const kind of kinds) servers[kind] = await rival(kind, port++, userId);
  const rates = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
  for (const server of Object.values(servers)) {
    const answer = await ask(server.url, server.token, query);
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    check(answer.data);
    await wrk(server, JSON.stringify({ query }), 64, 2, true);
  }
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [name, server] of Object.entries(servers)) rates[name].push((await wrk(server, JSON.stringify({ query }), 64, 8)).rate);
  }
  const perRequest = {};
  for (const [name, server] of Object.entries(servers)) perRequest[name] = await statements(DATABASE, () => ask(server.url, server.token, query));
  console.log(`${title}: statements a request: ${Object.entries(perRequest).map(([name, count]) => `${name} ${count}`).join(', ')}`);
  for (const kind of kinds) {
    servers[kind].stop();
    const ratios = rates.ours.map((rate, turn) => rate / rates[kind][turn]);
    console.log(`${title}: ${median(rates.ours).toFixed(0)} a second, ${kind} ${median(rates[kind]).toFixed(0)}`);
    console.log(`${title}: ${median(ratios).toFixed(1)} times ${kind} (${spread(ratios)}; bar ${bars[kind]})`);
  }
}

async function hello(world) {
  await compare('{ __typename }', '{ __typename }', world, ['apollo', 'yoga'], { apollo: 6, yoga: 3 }, () => {});
}

async function jobs(world) {
  const query = `{ jobs(first: 20) { nodes { id name state target metric createdAt dataset { id name fileName sizeBytes } model { id name deployed target } } } }`;
  await compare('jobs(first: 20) with data set and model', query, world, ['yoga'], { yoga: 5 }, ({ jobs: { nodes } }) => {
    const isWhole = nodes.length === 20 && nodes.every(({ dataset, model }) => dataset.fileName && model.target);
    if (!isWhole) throw new Error(`not twenty jobs with data set and model: ${JSON.stringify(nodes)}`);
  });
}

/** One row at a time, ten clients. */
async function predict({ api }) {
  const worker = start(AUTOML, ['worker', '--home', join(folder, 'worker')], {});
  const model = await trained(api, folder);
  worker.stop();
  const row = model.row;
  const path = `/v1/models/${model.id}/predict`;
  // The token of a script, as programs have it.
  const ours = { url: `${api.url}${path}`, token: api.token };
  const graphql = { url: `${api.url}/graphql`, token: api.token };
  const variables = { input: { modelId: model.id, rows: [row] } };
  const mutation = 'mutation P($input: PredictInput!) { predict(input: $input) { predictions { value } userErrors { message } } }';
  const withItsPrograms = { PATH: `${dirname(PYTHON)}:${process.env.PATH}` };
  const made = start(PYTHON, ['mlflow_model.py', model.onnx, join(folder, 'mlflow')], {});
  console.log(await made.firstLine);
  await made.ended;
  start(PYTHON, ['-m', 'mlflow', 'models', 'serve', '-m', join(folder, 'mlflow'), '-p', '4810', '--env-manager', 'local', '--workers', '2'], withItsPrograms);
  const rivals = { url: 'http://127.0.0.1:4810/invocations', token: 'none' };
  const split = JSON.stringify({ dataframe_split: { columns: Object.keys(row), data: [Object.values(row)] } });
  await until('mlflow answers', async () => (await fetch(rivals.url, { method: 'POST', body: split, headers: { 'content-type': 'application/json' } })).ok);
  const ratios = [];
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const [rest, face, theirs] = [
      await wrk(ours, JSON.stringify({ rows: [row] }), 10, 8),
      await wrk(graphql, JSON.stringify({ query: mutation, variables }), 10, 8),
      await wrk(rivals, split, 10, 8),
    ];
    // The first turn warms all of them up.
    if (turn === 0) continue;
    ratios.push(rest.rate / theirs.rate);
    console.log(`one row: REST p50 ${rest.p50} ms, p99 ${rest.p99} ms; GraphQL p50 ${face.p50} ms, p99 ${face.p99} ms; MLflow p50 ${theirs.p50} ms, p99 ${theirs.p99} ms (bars 1.5 and 8)`);
  }
  console.log(`one row: ${median(ratios).toFixed(1)} times MLflow's rate (${spread(ratios)}; bar 3)`);
}

async function sockets({ pool }) {
  const api = await startApi();
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${api.pid}/status`, 'utf8'))[1]) / 1024;
  const tokens = await seedPeople(pool, 500);
  const before = resident();
  const close = await openSockets(api.url, tokens, 5000);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const after = resident();
  console.log(`5,000 idle sockets: ${(after - before).toFixed(0)} MiB more, ${after.toFixed(0)} MiB in all (bar 150)`);
  close();
}

async function commit({ api, pool, userId }) {
  const other = await startApi();
  const milliseconds = await watchCommits({ from: api, at: other, pool, userId });
  const at = (share) => milliseconds[Math.floor((milliseconds.length - 1) * share)].toFixed(0);
  console.log(`request of a change at one api to its event at another's client: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms of ${milliseconds.length} (bar: p95 500)`);
}

try {
  await main();
} finally {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
}
