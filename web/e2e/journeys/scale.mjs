// Ten thousand jobs in the history and two thousand rows on a leaderboard: how long until there is something to read, until a key is
// seen, how smoothly it scrolls, how many bytes an answer has. Bytes must keep their limit; times are told (TIMES=strict: must keep theirs). It makes the rows itself (crowd.py), in the home of the server that with-server.sh started.
import { spawnSync } from 'node:child_process';
import { equal, ok } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { awaitResults, base, journey, signIn, startTraining, step, watch, within } from '../harness.mjs';

const { SERVER_HOME: home, AUTOML_TEST_PYTHON: python = 'python3' } = process.env;
const JOBS = 10_000;
const TRIALS = 2000;
const LIMITS = { paint: 1500, key: 100, frame: 20, bytes: 200_000 };

const answers = [];
function weigh(page) {
  page.on('response', async (response) => {
    if (!response.url().endsWith('/graphql')) return;
    const body = await response.body().catch(() => null);
    const { operationName } = response.request().postDataJSON() ?? {};
    if (body) answers.push({ bytes: body.length, operationName });
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => answers.push({ bytes: payload.length, operationName: 'a live event' })));
}

/** Milliseconds from a fresh load until what one came for can be read. */
async function paint(page, path, wanted) {
  await page.goto('about:blank');
  const begun = Date.now();
  await page.goto(base + path, { waitUntil: 'commit' });
  await wanted().waitFor();
  return Date.now() - begun;
}

/** The longest time from a key to the next picture, of several keys. */
async function slowestKey(page, box, text) {
  await box.focus();
  await page.evaluate(() => {
    window.keys = [];
    document.addEventListener('keydown', () => {
      const begun = window.performance.now();
      window.requestAnimationFrame(() => setTimeout(() => window.keys.push(window.performance.now() - begun)));
    });
  });
  await page.keyboard.type(text, { delay: 60 });
  await page.waitForTimeout(300);
  const keys = await page.evaluate(() => window.keys);
  equal(keys.length, text.length);
  return Math.max(...keys);
}

/** The time between two pictures while the page is rolled to its end, as most of them are: the 95th of a hundred. */
async function slowFrame(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const times = [];
        let before = window.performance.now();
        const draw = (now) => {
          times.push(now - before);
          before = now;
          window.scrollBy(0, 80);
          if (times.length < 200) window.requestAnimationFrame(draw);
          else resolve(times.sort((left, right) => left - right)[190]);
        };
        window.requestAnimationFrame(draw);
      }),
  );
}

if (!home) {
  console.error('Set SERVER_HOME to the home of the server, whose database gets the rows; tests/with-server.sh does.');
  process.exit(2);
}
await journey(async (page) => {
  watch(page);
  weigh(page);
  let job = '';
  await step('a job to copy', async () => {
    await signIn(page);
    await page.getByRole('button', { name: /^Use the sample/ }).first().click();
    await page.getByRole('link', { name: /^Continue with/ }).click({ timeout: 60_000 });
    await startTraining(page, '0.17');
    await awaitResults(page);
    job = new URL(page.url()).pathname;
  });
  await step(`${JOBS} jobs and ${TRIALS} trials`, async () => {
    const made = spawnSync(python, [fileURLToPath(new URL('../crowd.py', import.meta.url)), home, String(JOBS), String(TRIALS)], { encoding: 'utf8' });
    equal(made.status, 0, made.stderr);
  });

  await step('the first page', async () => {
    within('the first page', await paint(page, '/', () => page.getByRole('link', { name: /^(Churn|Flowers|Prices|Yield) \d+/ }).first()), LIMITS.paint);
  });
  await step('the history', async () => {
    const row = () => page.getByRole('checkbox', { name: /^Choose / }).first();
    within('the history', await paint(page, '/jobs', row), LIMITS.paint);
    await page.getByText('10,001 jobs').waitFor();
    for (const sort of ['name', 'best', 'ended']) within(`the history by ${sort}`, await paint(page, `/jobs?sort=${sort}`, row), LIMITS.paint);
    within('a search in the history', await paint(page, '/jobs?text=Churn', row), LIMITS.paint);
  });
  await step('typing and scrolling in the history', async () => {
    await paint(page, '/jobs', () => page.getByRole('checkbox', { name: /^Choose / }).first());
    for (let pages = 1; pages <= 8; pages += 1) {
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.waitForFunction((count) => document.querySelectorAll('main li input[type=checkbox]').length >= count, 25 * (pages + 1));
    }
    within('a picture while the history is scrolled', await slowFrame(page), LIMITS.frame);
    within('a key in the history', await slowestKey(page, page.getByLabel('Search', { exact: true }), 'yield 99'), LIMITS.key);
    await page.getByText(/jobs? found/).waitFor();
  });
  await step('the leaderboard', async () => {
    const row = () => page.locator('tr[data-row]').nth(9);
    within('the leaderboard', await paint(page, job, row), LIMITS.paint);
    await page.getByRole('button', { name: /^All 2,\d\d\d$/ }).waitFor({ timeout: 60_000 });
    within('a key over the leaderboard', await slowestKey(page, page.getByLabel('Find a model'), 'tree 19'), LIMITS.key);
    await page.getByLabel('Find a model').fill('');
    await page.getByRole('button', { name: /^All 2,\d\d\d$/ }).click();
    await page.getByRole('button', { name: 'Fit time' }).click();
    await page.getByLabel('Find a model').scrollIntoViewIfNeeded();
    within('a picture while the leaderboard is scrolled', await slowFrame(page), LIMITS.frame);
    ok((await page.locator('tr[data-row]').count()) > 100, 'rows are drawn as they come near');
  });
  await step('no answer is large', async () => {
    const largest = answers.reduce((one, other) => (other.bytes > one.bytes ? other : one));
    console.log(`   the largest of ${answers.length} answers: ${largest.bytes} bytes (${largest.operationName}), of ${LIMITS.bytes}`);
    ok(largest.bytes <= LIMITS.bytes, `${largest.operationName} is answered with ${largest.bytes} bytes`);
  });
});
