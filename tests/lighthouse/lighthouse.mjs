// Lighthouse over the pages of a running server that has a finished job: performance, accessibility and best practices, as on a desk
// and as on a telephone. BASE_URL and TOKEN come from `automl serve --json`, CHROMIUM names the browser. Ends with 1 below the bars.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');
const { BASE_URL: base, TOKEN: token } = process.env;
if (!base || !token) {
  console.error('Set BASE_URL and TOKEN from `automl serve --json`.');
  process.exit(2);
}
const chosen = (variable, all) => all.filter((one) => !process.env[variable] || process.env[variable].split(',').includes(one));
const BARS = { desktop: { performance: 95, accessibility: 100, 'best-practices': 95 }, mobile: { performance: 90, accessibility: 100, 'best-practices': 95 } };

async function ask(query, variables = {}) {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function until(read) {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const found = await read();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('it took more than two minutes');
}

/** A dataset, a job that is done, and its model, deployed. */
async function prepare() {
  const { serverInfo } = await ask('{ serverInfo { samples { key } } }');
  const { createSampleDataset } = await ask('mutation ($key: String!) { createSampleDataset(input: { key: $key }) { dataset { id } userErrors { message } } }', {
    key: serverInfo.samples[0].key,
  });
  const dataset = createSampleDataset.dataset.id;
  const column = await until(async () => {
    const { node } = await ask('query ($id: ID!) { node(id: $id) { ... on Dataset { state profile { columns { name } } } } }', { id: dataset });
    return node.state === 'READY' ? node.profile.columns.at(-1).name : null;
  });
  const { createJob } = await ask('mutation ($input: CreateJobInput!) { createJob(input: $input) { job { id } userErrors { message } } }', {
    input: { datasetId: dataset, target: column, budgetSeconds: 10 },
  });
  const job = createJob.job.id;
  const model = await until(async () => {
    const { node } = await ask('query ($id: ID!) { node(id: $id) { ... on Job { state error model { id } } } }', { id: job });
    if (node.state === 'FAILED') throw new Error(node.error);
    return node.state === 'COMPLETED' ? node.model.id : null;
  });
  await ask('mutation ($id: ID!) { deployModel(input: { id: $id }) { userErrors { message } } }', { id: model });
  return new Map([
    ['first page', '/'],
    ['dataset', `/datasets/${dataset}`],
    ['new job', `/datasets/${dataset}/train?target=${encodeURIComponent(column)}`],
    ['results', `/jobs/${job}`],
    ['playground', `/models/${model}/predict`],
    ['jobs', '/jobs'],
    ['settings', '/settings'],
    ['administration', '/admin'],
  ]);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'));
const port = await freePort();
const context = await chromium.launchPersistentContext(folder, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', `--remote-debugging-port=${port}`, '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let below = 0;
try {
  const pages = await prepare();
  const page = await context.newPage();
  await page.goto(`${base}/favicon.svg`);
  await page.evaluate((bearer) => localStorage.setItem('automl.token', bearer), token);
  for (const form of chosen('FORMS', ['desktop', 'mobile'])) {
    for (const name of chosen('PAGES', [...pages.keys()])) {
      const path = pages.get(name);
      const { lhr } = await lighthouse(
        base + path,
        { port, logLevel: 'error', disableStorageReset: true, onlyCategories: Object.keys(BARS[form]) },
        form === 'desktop' ? desktopConfig : undefined,
      );
      const scores = Object.entries(BARS[form]).map(([category, bar]) => {
        const score = Math.round((lhr.categories[category].score ?? 0) * 100);
        if (score < bar) below += 1;
        return `${category} ${score}${score < bar ? ` (below ${bar})` : ''}`;
      });
      const shown = (audit) => lhr.audits[audit].displayValue;
      console.log(
        `${form} · ${name}: ${scores.join(', ')}; first paint ${shown('first-contentful-paint')}, largest ${shown('largest-contentful-paint')}, ` +
          `blocked ${shown('total-blocking-time')}, layout shift ${shown('cumulative-layout-shift')}`,
      );
      for (const { auditRefs, id } of Object.values(lhr.categories)) {
        if (id === 'performance') continue;
        for (const ref of auditRefs) {
          const audit = lhr.audits[ref.id];
          if (audit.score !== null && audit.score < 1 && ref.weight > 0) console.log(`    ${id}: ${audit.title}`);
        }
      }
    }
  }
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = below === 0 ? 0 : 1;
