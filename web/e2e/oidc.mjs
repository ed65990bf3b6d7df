// Signing in at a real provider and coming back. `npm --prefix tests/identity run browser` starts both and this; ISSUER is the provider,
// which knows everybody, and lets `ada` alone have an account here.
import { equal, match, ok } from 'node:assert/strict';
import { audit, base, journey, step, watch } from './harness.mjs';

const { ISSUER: issuer } = process.env;
const BUTTON = 'Sign in with The University';

/** Fills the provider's page, and agrees to what the next one asks. */
async function enterAtProvider(page, name) {
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

const kept = (page) => page.evaluate(() => ({ session: { ...sessionStorage }, local: { ...localStorage } }));

await journey(async (page, context) => {
  // The provider's own page wants a font from elsewhere.
  await context.route((url) => !url.href.startsWith(base) && !url.href.startsWith(issuer), (route) => route.abort());
  watch(page);
  await step('who is signed out finds the provider on the page that they wanted, and beside the password', async () => {
    await page.goto(`${base}/jobs?sort=name`);
    await page.getByRole('button', { name: BUTTON }).waitFor();
    await audit(page);
  });
  await step('the browser goes there with a hash, a state and a nonce, and comes back to that page', async () => {
    const [asked] = await Promise.all([
      page.waitForRequest((request) => request.url().startsWith(`${issuer}/auth?`)),
      page.getByRole('button', { name: BUTTON }).click(),
    ]);
    const query = new URL(asked.url()).searchParams;
    equal(query.get('code_challenge_method'), 'S256');
    equal(query.get('redirect_uri'), `${base}/sign-in/return`);
    for (const name of ['state', 'nonce', 'code_challenge']) match(query.get(name), /^[\w-]{43}$/);
    await enterAtProvider(page, 'ada');
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    match(page.url(), /\/jobs\?sort=name$/);
    const { session, local } = await kept(page);
    equal(session['automl.sign-in'], undefined);
    equal(local['automl.provider'], issuer);
    ok(JSON.parse(local['automl.token']).refreshToken, 'the session is one that is refreshed');
  });
  await step('the code is not in the history, and an old answer does nothing', async () => {
    await page.goto(`${base}/sign-in/return?code=x&state=y`);
    await page.getByRole('heading', { level: 1, name: 'This sign-in does not belong to this tab' }).waitFor();
    equal(new URL(page.url()).search, '');
    await audit(page);
    await page.getByRole('link', { name: 'To the first page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Predict a column of your table' }).waitFor();
  });
  await step('the settings know that no password is needed', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('You sign in with The University and need no password here.').waitFor();
    equal(await page.getByLabel('Present password').count(), 0);
    await audit(page);
  });
  await step('signing out here offers to sign out there, and that comes back', async () => {
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    const there = page.getByRole('link', { name: 'Also sign out at The University' });
    await there.waitFor();
    await audit(page);
    await there.click();
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await page.waitForURL(`${base}/sign-in`);
    await page.getByRole('button', { name: BUTTON }).waitFor();
    equal(await there.count(), 0);
  });
  await step('who does not allow it is told so and may begin again', async () => {
    await page.getByRole('button', { name: BUTTON }).click();
    await page.getByRole('link', { name: '[ Cancel ]' }).click();
    await page.getByRole('heading', { level: 1, name: 'The University has not signed you in' }).waitFor();
    await page.getByText(/^You did not allow it/).waitFor();
    await audit(page);
    await page.getByRole('link', { name: 'Back to signing in' }).click();
  });
  await step('who has no account is told so, and how to come as somebody else', async () => {
    await page.getByRole('button', { name: BUTTON }).click();
    await enterAtProvider(page, 'grace');
    await page.getByRole('alert').getByText(/you have no account at this server/).waitFor();
    await page.getByRole('link', { name: 'Sign out there' }).waitFor();
    await audit(page);
    equal((await kept(page)).local['automl.token'], undefined);
  });
  await step('it fits a narrow screen', async () => {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.goto(`${base}/sign-in`);
    await page.getByRole('button', { name: BUTTON }).waitFor();
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), 'it is wider than the screen');
    await audit(page);
  });
});
