// What a bad day does to a page: a cut wire during training, a reload during an upload, a token that ends in the middle of a job, two tabs.
import { equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWire } from '../wire.mjs';

const wire = await openWire(process.env.BASE_URL ?? 'http://127.0.0.1:8080');
process.env.BASE_URL = wire.url;
const { audit, awaitResults, base, journey, forgive, signIn, startTraining, step, watch } = await import('../harness.mjs');

const person = { email: 'grace@example.com', password: 'a lantern over the harbour' };
/** What Chromium says of requests that a cut wire has ended. */
const LOST = /net::ERR_|WebSocket connection to|Failed to load resource/;
const FAST = Infinity;
const SIZE = 24 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'journey-'));

/** A table of about `bytes` bytes on the disk: its date says that it is the same file when it is chosen again. */
function large(name, bytes) {
  const line = `${'0.123456789,'.repeat(8)}yes\n0.5,${'9.87654321,'.repeat(7)}no\n`;
  const header = `${['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'kind'].join(',')}\n`;
  const path = join(folder, name);
  writeFileSync(path, header + line.repeat(Math.floor((bytes - header.length) / line.length)));
  return path;
}

async function trainSample(page, minutes) {
  await page.goto(base);
  await page.getByRole('button', { name: /^Use the sample/ }).first().click();
  await page.getByRole('link', { name: /^Continue with/ }).click({ timeout: 60_000 });
  await startTraining(page, minutes);
}

async function enterPassword(page) {
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

await journey(async (page, context) => {
  watch(page);
  await step('sign in', () => signIn(page));

  await step('a reload during an upload loses little', async () => {
    const file = large('large.csv', SIZE);
    wire.slow(4 * 1024 * 1024);
    await page.locator('input[type=file]').setInputFiles(file);
    const bar = page.getByRole('progressbar', { name: 'Uploading large.csv' });
    await bar.waitFor();
    await page.waitForFunction(() => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) >= 50, null, { timeout: 60_000 });
    await page.reload();
    await page.getByText('large.csv was being uploaded when this page was left').waitFor();
    await audit(page);
    wire.slow(FAST);
    const before = wire.sentUp();
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('heading', { name: 'What do you want to predict?' }).waitFor({ timeout: 120_000 });
    const again = wire.sentUp() - before;
    ok(again < 0.8 * SIZE, `${again} of ${SIZE} bytes were sent after the reload`);
  });

  await step('a wire that is cut during an upload is waited for', async () => {
    await page.goto(base);
    wire.slow(4 * 1024 * 1024);
    await page.locator('input[type=file]').setInputFiles(large('cut.csv', SIZE));
    await page.waitForFunction(() => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) >= 30, null, { timeout: 60_000 });
    await forgive(LOST, async () => {
      wire.cut();
      await page.waitForTimeout(3000);
      wire.mend();
      wire.slow(FAST);
      await page.getByRole('heading', { name: 'What do you want to predict?' }).waitFor({ timeout: 120_000 });
    });
  });

  await step('training goes on while the wire is cut, and the page catches up', async () => {
    await trainSample(page, '0.5');
    await page.getByText('Baseline', { exact: true }).first().waitFor({ timeout: 120_000 });
    await forgive(LOST, async () => {
      wire.cut();
      await page.getByText('No connection to the server.').waitFor({ timeout: 30_000 });
      await audit(page);
      await page.getByText('Baseline', { exact: true }).first().waitFor();
      await page.waitForTimeout(5000);
      wire.mend();
      await page.getByText('No connection to the server.').waitFor({ state: 'detached', timeout: 30_000 });
      await awaitResults(page);
    });
  });

  await step('two tabs show the same job, and one acts for both', async () => {
    await trainSample(page, '2');
    const other = await context.newPage();
    watch(other);
    await other.goto(page.url());
    await other.getByRole('button', { name: 'Cancel' }).first().click();
    await other.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByText('The job was cancelled', { exact: true }).waitFor();
    await other.getByText('The job was cancelled', { exact: true }).waitFor();
    await other.close();
  });

  await step('a token that ends in the middle of a job is exchanged, and the job stays on the page', async () => {
    await page.goto(`${base}/settings`);
    await page.getByText('You have none yet.').waitFor();
    await page.getByLabel('Address to sign in with').fill(person.email);
    await page.getByRole('textbox', { name: 'First password' }).fill(person.password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('From now on you can sign in with it.').waitFor();
    await page.evaluate(() => localStorage.removeItem('automl.token'));
    await page.goto(base);
    await enterPassword(page);
    await page.getByRole('button', { name: 'Choose a file' }).waitFor();
    await trainSample(page, '0.5');
    const kept = await page.evaluate(() => {
      const pair = JSON.parse(localStorage.getItem('automl.token'));
      localStorage.setItem('automl.token', JSON.stringify({ ...pair, expiresAt: 0 }));
      return pair.refreshToken;
    });
    await page.waitForFunction((before) => JSON.parse(localStorage.getItem('automl.token')).refreshToken !== before, kept, { timeout: 30_000 });
    await awaitResults(page);
  });

  await step('a token that is refused asks for the password, and then the same page is there', async () => {
    const url = page.url();
    await forgive(LOST, async () => {
      await page.evaluate(() => {
        const pair = JSON.parse(localStorage.getItem('automl.token'));
        localStorage.setItem('automl.token', JSON.stringify({ ...pair, accessToken: 'of another server' }));
      });
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    });
    await enterPassword(page);
    await page.getByRole('heading', { name: 'How good is it?' }).waitFor();
    equal(page.url(), url);
  });

  await step('signing out in one tab signs out the other', async () => {
    const other = await context.newPage();
    watch(other);
    await other.goto(`${base}/settings`);
    await other.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await other.close();
  });
});
wire.close();
rmSync(folder, { recursive: true });
