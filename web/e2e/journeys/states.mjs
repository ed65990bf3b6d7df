// Every page before anything is there, while it loads, when the server fails, and when what it is about does not exist: each says so, in words,
// by the rules of accessibility, in both themes and on a narrow screen.
import { equal, ok } from 'node:assert/strict';
import { audit, base, forgive, journey, signIn, step, watch } from '../harness.mjs';

const ALWAYS = [
  '/', '/datasets', '/jobs', '/registry', '/settings', '/settings?part=programs', '/settings?part=limits',
  '/admin', '/admin?tab=jobs', '/admin?tab=people', '/admin?tab=limits', '/admin?tab=audit',
];
const OF_SOMETHING = ['/datasets/none', '/datasets/none/train?target=x', '/jobs/none', '/registry/none', '/models/none/predict', '/models/none/batch', '/compare?jobs=["none","nothing"]'];
const LOST = /Failed to load resource/;

async function fits(page) {
  await page.setViewportSize({ width: 320, height: 700 });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  equal(beyond, 0, `${page.url()} is ${beyond} px wider than a small screen`);
}

async function look(page, path) {
  await page.goto(base + path);
  await page.locator('main').waitFor();
}

await journey(async (page) => {
  watch(page);
  await step('sign in', () => signIn(page));

  for (const path of ALWAYS) {
    await step(`${path} with nothing in it`, async () => {
      await look(page, path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await audit(page);
      await fits(page);
    });
  }
  for (const path of OF_SOMETHING) {
    await step(`${path}, which does not exist`, async () => {
      await look(page, path);
      await page.getByText(/no such|not found|does not exist|cannot be compared|was deleted/i).first().waitFor();
      await audit(page);
      await fits(page);
    });
  }
  for (const path of [...ALWAYS, ...OF_SOMETHING]) {
    await step(`${path} while it loads`, async () => {
      const held = [];
      await page.route('**/graphql', (route) => void held.push(route));
      await look(page, path);
      await page.getByText(/^Loading|^Comparing/).first().waitFor({ state: 'attached' });
      await audit(page);
      await page.unroute('**/graphql');
      await forgive(/./, () => Promise.all(held.map((route) => route.abort().catch(() => undefined))));
    });
    await step(`${path} while the server fails`, () =>
      forgive(LOST, async () => {
        await page.route('**/graphql', (route) => route.fulfill({ status: 500, body: 'no' }));
        await look(page, path);
        const message = page.getByText(/The server answered with status 500|Not available/).first();
        await message.waitFor();
        await audit(page);
        await fits(page);
        ok(await message.isVisible());
        await page.unroute('**/graphql');
      }),
    );
  }
  await step('a page that is none', async () => {
    await look(page, '/nowhere');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await audit(page);
  });
});
