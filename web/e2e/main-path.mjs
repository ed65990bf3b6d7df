// The main path in a real browser against a running server: link -> sample -> target -> train -> results -> deploy -> predict -> downloads,
// then everything around it. harness.mjs says what it needs.
import { Buffer } from 'node:buffer';
import { ok, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { audit, awaitResults, base, deployAndAsk, journey, sentToStore, signIn, startTraining, step, store, watch } from './harness.mjs';

/** A small table whose answer follows from its columns, with blanks and text. */
function ownTable() {
  const lines = ['size,colour,comment,kind'];
  for (let row = 0; row < 240; row += 1) {
    const size = (row * 37) % 100;
    const colour = ['red', 'green', 'blue'][row % 3];
    lines.push(`${row % 17 === 0 ? '' : size},${colour},"row, ${row % 5}",${size > 50 ? 'big' : 'small'}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The page of the first results. */
let shown = '/';
const person = { email: 'ada@example.com', password: 'three rivers and a ferry' };

async function enterPassword(page, password) {
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

await journey(async (page) => {
  await step('without a token the page explains how to get in', async () => {
    await page.goto(`${base}/jobs/anything`);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });
  watch(page);
  await step('sign in', async () => {
    await signIn(page);
    await audit(page);
  });

  await step('a sample becomes a dataset', async () => {
    await page.getByRole('button', { name: /^Use the sample/ }).first().click();
    await page.getByRole('heading', { name: 'What do you want to predict?' }).waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'First rows of the table' }).waitFor();
    await audit(page);
  });
  await step('train with the suggested target', async () => {
    await page.getByRole('link', { name: /^Continue with/ }).click();
    await page.locator('summary').first().click();
    await audit(page);
    await startTraining(page);
  });
  await step('the leaderboard fills while the job runs', async () => {
    await page.getByText('Baseline', { exact: true }).first().waitFor({ timeout: 120_000 });
    await page.getByRole('img', { name: /trials?; the best/ }).waitFor({ timeout: 120_000 });
    await audit(page);
  });
  await step('results appear on the same page', async () => {
    await awaitResults(page);
    shown = new URL(page.url()).pathname;
    await page.getByRole('combobox', { name: 'Column' }).selectOption({ index: 1 });
    await audit(page);
  });
  await step('a download is what it says', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^Download .*\.csv$/ }).first().click()]);
    match(download.suggestedFilename(), /\.csv$/);
    equal(await download.failure(), null);
  });
  await step('deploy and ask', async () => {
    const answer = await deployAndAsk(page);
    await audit(page);
    ok(answer.length > 0 && !answer.includes('no answer'), `an answer, not ${answer}`);
  });
  await step('missing values are allowed, wrong numbers are named', async () => {
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByTestId('answer').waitFor();
    const number = page.locator('input[inputmode=decimal]').first();
    await number.fill('2 rooms');
    await page.getByText('This is no number.').waitFor();
    await number.fill('');
  });

  await step('an own table is uploaded', async () => {
    await page.goto(base);
    await page.locator('input[type=file]').setInputFiles({ name: 'kinds.csv', mimeType: 'text/csv', buffer: Buffer.from(ownTable()) });
    await page.getByRole('heading', { name: 'What do you want to predict?' }).waitFor({ timeout: 60_000 });
    await page.getByText('240', { exact: true }).first().waitFor();
    equal(sentToStore, store ? 1 : 0, 'forms that went straight to the store');
  });
  await step('a target is chosen with the keyboard alone', async () => {
    await page.getByRole('combobox', { name: 'Column to predict' }).focus();
    await page.keyboard.type('kind');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Continue with kind' }).focus();
    await page.keyboard.press('Enter');
    await startTraining(page);
  });
  await step('finish now keeps the best', async () => {
    const finish = page.getByRole('button', { name: 'Finish now, keep the best' });
    const results = page.getByRole('heading', { name: 'How good is it?' });
    // A fast machine may be through before the button can be pressed.
    await page.waitForFunction(() => {
      const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.includes('Finish now'));
      return !button || !button.disabled;
    }, null, { timeout: 120_000 });
    if (await finish.isVisible() && !(await results.isVisible())) await finish.click().catch(() => undefined);
    await awaitResults(page);
  });
  await step('a whole file is predicted', async () => {
    const job = page.url();
    await page.getByRole('link', { name: 'Predict a file' }).click();
    await page.getByRole('heading', { level: 1, name: 'Predict kind for a whole file' }).waitFor();
    await page.locator('input[type=file]').setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(ownTable()) });
    await page.getByText('Completed', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByText('What came out besides').click();
    await page.getByText('Compared with 240 known targets').waitFor();
    await audit(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the predictions of rows.csv' }).click()]);
    const lines = readFileSync(await download.path(), 'utf8').trimEnd().split('\n');
    equal(lines.length, 241, 'a header and a line a row');
    await page.getByRole('button', { name: 'Delete the predictions of rows.csv' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('None yet.').waitFor();
    await page.goto(job);
  });
  await step('a job has notes', async () => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Notes' }).fill('of the first table');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('of the first table').last().waitFor();
  });
  await step('the history is filtered in the URL, tagged and cleared', async () => {
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    const choices = page.getByRole('checkbox', { name: /^Choose / });
    await choices.nth(1).waitFor();
    await audit(page);
    await page.getByRole('searchbox', { name: 'Search' }).fill('kind');
    await page.waitForURL(/[?&]text=kind/);
    await page.getByText('1 job found').waitFor();
    equal(await choices.count(), 1);
    await page.getByText('of the first table').waitFor();
    await page.reload();
    await page.getByText('1 job found').waitFor();
    equal(await page.getByRole('searchbox', { name: 'Search' }).inputValue(), 'kind');
    await choices.first().check();
    await page.getByRole('button', { name: 'Tags…' }).click();
    await page.getByLabel('Give').fill('own table, first');
    await audit(page);
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByRole('link', { name: 'Jobs with the tag own table' }).click();
    await page.waitForURL(/[?&]tag=own/);
    await page.getByText('1 job found').waitFor();
    await page.getByText('Failed', { exact: true }).click();
    await page.getByText('No job is like that.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).first().click();
    await choices.nth(1).waitFor();
    await choices.first().check();
    await choices.nth(1).check();
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByRole('heading', { level: 1, name: '2 jobs side by side' }).waitFor();
    await page.getByText('Compare the scores with care').waitFor();
    await page.getByRole('row', { name: /^Target/ }).waitFor();
    await audit(page);
    await page.goBack();
    await choices.nth(1).waitFor();
    await page.getByRole('checkbox', { name: /^Choose .*kind/ }).check();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete them' }).click();
    await page.getByRole('checkbox', { name: /^Choose .*kind/ }).waitFor({ state: 'detached' });
  });
  await step('an administrator sees the queue, people and what was done', async () => {
    await page.getByRole('link', { name: 'Admin', exact: true }).click();
    await page.getByRole('heading', { level: 2, name: 'Workers' }).waitFor();
    await page.getByRole('button', { name: 'Drain' }).first().waitFor();
    await audit(page);
    await page.getByRole('button', { name: 'Pause it' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('the disk is changed');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText(/^Everything is paused/).waitFor();
    await audit(page);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('it is changed');
    await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
    await page.getByText(/^Everything is paused/).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByText('you', { exact: true }).waitFor();
    await audit(page);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByText('the disk is changed').waitFor();
    await audit(page);
  });
  await step('a person signs in with a password, and a session goes on by itself', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('You have none yet.').waitFor();
    await page.getByLabel('Address to sign in with').fill(person.email);
    await page.getByRole('textbox', { name: 'First password' }).fill(person.password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('From now on you can sign in with it.').waitFor();
    await audit(page);
    await page.evaluate(() => localStorage.removeItem('automl.token'));
    await page.goto(`${base}/jobs?sort=name`);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await audit(page);
    await enterPassword(page, 'not the one that was set');
    await page.getByRole('alert').waitFor();
    await enterPassword(page, person.password);
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.getByRole('checkbox', { name: /^Choose / }).first().waitFor();
    match(page.url(), /sort=name/);
    const before = await page.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem('automl.token'));
      localStorage.setItem('automl.token', JSON.stringify({ ...kept, expiresAt: 0 }));
      return kept.refreshToken;
    });
    await page.reload();
    await page.getByRole('checkbox', { name: /^Choose / }).first().waitFor();
    const after = await page.evaluate(() => JSON.parse(localStorage.getItem('automl.token')));
    ok(after.refreshToken !== before && after.expiresAt > 0, 'the tokens were exchanged');
  });
  await step('a token for scripts is shown once, works, and is ended', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'Programs' }).click();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What is it for?').fill('nightly');
    await audit(page);
    await page.getByRole('button', { name: 'Make it' }).click();
    const secret = (await page.getByTestId('secret').innerText()).trim();
    const ask = () => fetch(`${base}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${secret}` },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    equal((await ask()).status, 200);
    await page.getByRole('button', { name: 'End it: the token nightly' }).click();
    await page.getByRole('button', { name: 'End it', exact: true }).last().click();
    await page.getByRole('button', { name: 'End it: the token nightly' }).waitFor({ state: 'detached' });
    equal((await ask()).status, 401);
  });
  await step('signing out leaves nothing behind', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    equal(await page.evaluate(() => localStorage.getItem('automl.token')), null);
    for (const [link, heading] of [['Forgot the password?', 'Choose a new password'], ['Sign in', 'Sign in'], ['Create an account', 'Create an account']]) {
      await page.getByRole('link', { name: link }).click();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await audit(page);
    }
    await page.goto(`${base}/verify#token=nonsense`);
    await page.getByRole('button', { name: 'Yes, confirm it' }).click();
    await page.getByRole('alert').waitFor();
    ok(!page.url().includes('token'), 'the token is out of the address bar');
    await page.goto(base);
    await enterPassword(page, person.password);
    await page.getByRole('button', { name: 'Choose a file' }).waitFor();
  });
  await step('a small screen shows all of it', async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    for (const path of ['/', '/jobs', '/registry', '/settings', '/settings?part=programs', '/admin', '/admin?tab=people', shown]) {
      await page.goto(base + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      equal(beyond, 0, `${path} is ${beyond} px wider than the screen`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  await step('the playground runs a query, offline', async () => {
    await page.goto(`${base}/graphiql`);
    const answer = page.locator('.result-window').getByText('serverInfo').first();
    // The button does nothing until the editor has read the query.
    for (let attempt = 0; attempt < 20 && !(await answer.isVisible()); attempt += 1) {
      await page.getByRole('button', { name: /Execute query/ }).click();
      await answer.waitFor({ timeout: 1500 }).catch(() => undefined);
    }
    ok(await answer.isVisible(), 'the answer to the first example');
  });
});
