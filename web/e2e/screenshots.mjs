// Pictures of the main pages for the README: on a running server, into the folder that is the argument. harness.mjs says what it needs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { awaitResults, base, deployAndAsk, journey, signIn, startTraining, step, watch } from './harness.mjs';

const folder = process.argv[2] ?? 'docs/images';
mkdirSync(folder, { recursive: true });

async function shot(page, name, theme) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
  // The pointer lights up what it lies on.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
}

async function both(page, name) {
  for (const theme of ['dark', 'light']) await shot(page, name, theme);
}

await journey(async (page) => {
  watch(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await step('sign in', () => signIn(page));
  await step('a job', async () => {
    await page.getByRole('button', { name: /^Use the sample/ }).first().click();
    await page.getByRole('link', { name: /^Continue with/ }).waitFor({ timeout: 60_000 });
    await both(page, 'dataset');
    await page.getByRole('link', { name: /^Continue with/ }).click();
    await startTraining(page, '0.5');
    await page.getByRole('img', { name: /[4-9]\d* trials; the best/ }).waitFor({ timeout: 120_000 });
    await both(page, 'training');
    await awaitResults(page);
    await page.evaluate(() => window.scrollTo(0, 0));
    await both(page, 'results');
  });
  await step('a question', async () => {
    await deployAndAsk(page);
    await page.getByRole('list', { name: 'What each column adds to the answer' }).waitFor();
    await both(page, 'playground');
  });
  await step('the first page', async () => {
    await page.goto(base);
    await page.getByRole('button', { name: 'Choose a file' }).waitFor();
    await page.waitForLoadState('networkidle');
    await both(page, 'home');
  });
});
