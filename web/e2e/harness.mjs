// What every journey through the browser shares: a page that is watched, rules of accessibility, the paths that many of them walk.
// BASE_URL and TOKEN come from `automl serve --json` (TOKEN is its bearer token), or WELCOME holds the printed link. STORE_URL is where a
// bucket answers, for a server that keeps its files in one; ISSUER where people sign in elsewhere. CHROMIUM names the browser; SHOT is where a picture of a failed step goes.
import { equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

export const base = (process.env.BASE_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
export const { TOKEN: token, STORE_URL: store } = process.env;
const { WELCOME: welcome, ISSUER: issuer } = process.env;
const budget = process.env.BUDGET_MINUTES ?? '0.5';
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

if (!token && !welcome) {
  console.error('Set TOKEN (and BASE_URL) from `automl serve --json`, or WELCOME to the printed link.');
  process.exit(2);
}
if (!existsSync(executablePath)) {
  console.error(`There is no browser at ${executablePath}; set CHROMIUM.`);
  process.exit(2);
}

/** Walks with one browser page; what a user never sees but a developer must, fails the journey at its end. */
export async function journey(walk) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  try {
    await walk(page, context);
    await step('no error in the console, no request to elsewhere, no document sent as text', async () => {
      equal(problems.length, 0, problems.join('\n'));
      ok(askedByHash > 0, 'no document was asked for by its hash');
    });
  } catch (error) {
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true }).catch(() => undefined);
    console.error(error);
    for (const problem of problems) console.error(problem);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

const problems = [];
export let sentToStore = 0;
let askedByHash = 0;

/** The app asks by the hashes of its documents; only the playground sends texts. */
function noteDocument(page, payload) {
  if (page.url().includes('/graphiql')) return;
  const { query, extensions } = JSON.parse(payload);
  if (query || !extensions?.persistedQuery) problems.push(`a document is sent as text: ${String(query).slice(0, 100)}`);
  else askedByHash += 1;
}

/** What the page of a provider does is its own; and browsers go there as a whole, ours asks it nothing. */
function isIssuers(page, request) {
  if (!issuer) return false;
  return page.url().startsWith(issuer) || (request?.isNavigationRequest() && request.frame() === page.mainFrame() && request.url().startsWith(issuer));
}

/** Collects what a user never sees but a developer must: script errors, refused resources, requests to elsewhere. */
export function watch(page) {
  page.on('pageerror', (error) => problems.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isIssuers(page)) problems.push(`console: ${message.text().slice(0, 300)} (${message.location().url})`);
  });
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const message = String(payload).startsWith('{') ? JSON.parse(payload) : {};
      if (message.type === 'subscribe') noteDocument(page, JSON.stringify(message.payload));
    });
  });
  page.on('request', (request) => {
    const url = request.url();
    const known = [base, 'blob:', 'data:', ...(store ? [store] : [])];
    if (!known.some((prefix) => url.startsWith(prefix)) && !isIssuers(page, request)) problems.push(`request to elsewhere: ${url}`);
    if (url === `${base}/graphql` && request.method() === 'POST') noteDocument(page, request.postData());
    if (store && url.startsWith(store) && request.method() === 'POST') sentToStore += 1;
  });
}

/** While `action` runs, what the console says in such words is no problem. */
export async function forgive(words, action) {
  const before = problems.length;
  try {
    await action();
  } finally {
    const left = problems.splice(before).filter((problem) => !words.test(problem));
    problems.push(...left);
  }
}

/** Tells a time beside its limit. It fails the journey only with TIMES=strict, for a machine that has nothing else to do: tests measure, they are not timed. */
export function within(what, milliseconds, limit) {
  console.log(`   ${what}: ${Math.round(milliseconds)} ms, of ${limit}`);
  if (process.env.TIMES === 'strict') ok(milliseconds <= limit, `${what} took ${Math.round(milliseconds)} ms, more than ${limit}`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 A and AA on the page as it stands, in both themes. */
export async function audit(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      const found = await window.axe.run(document, { runOnly: tags });
      return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    });
    equal(violations.length, 0, `${page.url()} in ${colorScheme}:\n${violations.join('\n')}`);
  }
}

export async function step(name, action) {
  const begun = Date.now();
  try {
    await action();
  } catch (error) {
    console.error(`failed: ${name}`);
    throw error;
  }
  console.log(`ok ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}

export async function signIn(page) {
  if (welcome) {
    await page.goto(welcome);
  } else {
    // Once, in a page that exists before the app runs; a later sign-out is then not undone.
    await page.goto(`${base}/favicon.svg`);
    await page.evaluate((bearer) => localStorage.setItem('automl.token', bearer), token);
    await page.goto(base);
  }
  await page.getByRole('heading', { level: 1, name: 'Predict a column of your table' }).waitFor();
  await page.getByRole('button', { name: 'Choose a file' }).waitFor();
}

export async function startTraining(page, minutes = budget) {
  await page.getByRole('combobox', { name: 'Time budget' }).selectOption('OTHER');
  await page.getByRole('textbox', { name: 'Minutes' }).fill(minutes);
  await page.getByRole('radio', { name: /Quick/ }).check({ force: true });
  await page.getByTestId('forecast').getByText(/^Likely .* trials/).waitFor();
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByRole('list', { name: 'Steps' }).waitFor();
}

export async function awaitResults(page) {
  const results = page.getByRole('heading', { name: 'How good is it?' });
  const failed = page.getByText('The job failed');
  await results.or(failed).first().waitFor({ timeout: 300_000 });
  if (await failed.isVisible()) throw new Error(`The job failed: ${await page.getByRole('alert').first().innerText()}`);
}

export async function deployAndAsk(page) {
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await page.getByRole('link', { name: 'Ask the model' }).click();
  await page.getByTestId('answer').waitFor();
  return (await page.getByTestId('answer').innerText()).trim();
}
