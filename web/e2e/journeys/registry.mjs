// A model under a name: registered from its results, promoted, asked by its alias, replaced by a second version, rolled back, taken away.
import { deepEqual, equal, ok } from 'node:assert/strict';
import { audit, awaitResults, base, journey, signIn, startTraining, step, token, watch } from '../harness.mjs';

const NAME = 'Kinds of flowers, weekly';

/** What a program of somebody's asks; it knows the alias and nothing else. */
async function askByAlias(row, alias = 'production') {
  const query = `mutation ($input: PredictInput!) { predict(input: $input) { predictions { label value probabilities { label probability } } userErrors { code message } } }`;
  const answer = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input: { alias: { name: NAME, alias }, rows: [row] } } }),
  });
  const { data, errors } = await answer.json();
  ok(!errors, JSON.stringify(errors));
  return data.predict;
}

async function trainSample(page) {
  await page.goto(base);
  await page.getByRole('button', { name: /^Use the sample/ }).first().click();
  await page.getByRole('link', { name: /^Continue with/ }).click({ timeout: 60_000 });
  await startTraining(page, '0.17');
  await awaitResults(page);
}

async function register(page) {
  await page.getByRole('button', { name: 'Register…' }).click();
  await page.getByLabel('Name', { exact: true }).fill(NAME);
}

/** Runs the command that the page copied, without its shell. */
function bodyOf(curl) {
  const text = curl.slice(curl.indexOf("--data-binary '") + "--data-binary '".length, curl.lastIndexOf("'"));
  return JSON.parse(text.replaceAll(`'\\''`, "'"));
}

await journey(async (page, context) => {
  watch(page);
  let row;
  await step('sign in', () => signIn(page));
  await step('an empty registry says how a name comes into it', async () => {
    await page.getByRole('link', { name: 'Registry' }).click();
    await page.getByText('None yet.').waitFor();
    await audit(page);
  });
  await step('a model is registered under a new name', async () => {
    await trainSample(page);
    await register(page);
    await page.getByText('A new name, with this model as version 1.').waitFor();
    await audit(page);
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByText(`Registered as ${NAME}, version 1`).waitFor();
    await audit(page);
  });
  await step('it is promoted, and deployed with that', async () => {
    await page.getByRole('link', { name: 'Open it' }).click();
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
    await audit(page);
    await page.getByRole('button', { name: 'Promote version 1' }).click();
    await page.getByLabel('Alias', { exact: true }).fill('two words');
    await page.getByText('without spaces').waitFor();
    await page.getByLabel('Alias', { exact: true }).fill('production');
    await page.getByText('A new alias: programs that ask “production” are answered by version 1.').waitFor();
    await audit(page);
    await page.getByRole('button', { name: 'Promote', exact: true }).click();
    await page.getByText('production → version 1').waitFor();
    await page.getByText('Answering').first().waitFor();
    await audit(page);
  });
  await step('a program asks by the alias, with what the page copies', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied').waitFor();
    const { variables } = bodyOf(await page.evaluate(() => window.navigator.clipboard.readText()));
    deepEqual(variables.input.alias, { name: NAME, alias: 'production' });
    [row] = variables.input.rows;
    const { predictions, userErrors } = await askByAlias(row);
    deepEqual(userErrors, []);
    equal(predictions.length, 1);
  });
  const first = (await askByAlias(row)).predictions;
  await step('a second version takes over', async () => {
    await trainSample(page);
    await register(page);
    await page.getByText('It becomes the next version of this name.').waitFor();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByText(`Registered as ${NAME}, version 2`).waitFor();
    await page.getByRole('link', { name: 'Open it' }).click();
    await page.getByRole('button', { name: 'Promote version 2' }).click();
    await page.getByText(/answered by version 2 instead of version 1/).waitFor();
    await page.getByRole('button', { name: 'Promote', exact: true }).click();
    await page.getByText('production → version 2').waitFor();
    equal((await askByAlias(row)).predictions.length, 1);
  });
  await step('rolled back, the first answers again', async () => {
    await page.getByRole('button', { name: 'Roll back production' }).click();
    await page.getByText(/answered by version 1 again instead of version 2/).waitFor();
    await audit(page);
    await page.getByRole('button', { name: 'Roll back', exact: true }).last().click();
    await page.getByText('production → version 1').waitFor();
    deepEqual((await askByAlias(row)).predictions, first);
  });
  await step('a version that an alias points to stays; another one is taken away', async () => {
    equal(await page.getByRole('button', { name: 'Take away version 1' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Take away version 2' }).click();
    await page.getByRole('button', { name: 'Take it away' }).last().click();
    await page.getByText('Version 2', { exact: true }).waitFor({ state: 'detached' });
    await audit(page);
  });
  await step('the list finds it by its alias', async () => {
    await page.getByRole('link', { name: 'Registry' }).first().click();
    await page.getByLabel('Name or alias').fill('nothing of that');
    await page.getByText('No name and no alias is like that.').waitFor();
    await page.getByLabel('Name or alias').fill('PROD');
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.waitForURL(/text=PROD/);
    await audit(page);
  });
  await step('the name goes with its last version', async () => {
    await page.getByRole('link', { name: NAME }).click();
    await page.getByRole('button', { name: 'Take away version 1' }).click();
    await page.getByText(/Programs that ask “production” get no answer any more/).waitFor();
    await page.getByRole('button', { name: 'Take it away' }).last().click();
    await page.getByRole('heading', { level: 1, name: 'Registry' }).waitFor();
    await page.getByText('None yet.').waitFor();
    const { userErrors } = await askByAlias(row);
    equal(userErrors.length, 1);
  });
});
