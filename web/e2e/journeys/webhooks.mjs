// An address that is told: made, tried, told of a job, paused, changed, deleted. The receiver is a little server beside this script, so the
// server must allow such addresses (AUTOML_WEBHOOK_PRIVATE=allowed, also here); without that, only the refusal is walked.
import { createHmac } from 'node:crypto';
import { equal, match, ok } from 'node:assert/strict';
import http from 'node:http';
import { audit, awaitResults, base, journey, signIn, startTraining, step, watch } from '../harness.mjs';

const isAllowed = process.env.AUTOML_WEBHOOK_PRIVATE === 'allowed';

/** A server that keeps what it is sent and answers with the status it is told to. */
async function openReceiver() {
  const got = [];
  const receiver = { got, status: 204, url: '', close: () => undefined };
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      got.push({ headers: request.headers, body, path: request.url });
      response.writeHead(receiver.status).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
  receiver.close = () => server.close();
  return receiver;
}

/** As docs/webhooks.md tells receivers to check it. */
function isSigned({ headers, body }, secret) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  return headers['webhook-signature'] === `v1,${signature}`;
}

async function until(condition, what) {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  ok(false, `in vain: ${what}`);
}

const receiver = await openReceiver();
await journey(async (page) => {
  watch(page);
  let secret = '';
  const make = async (url) => {
    await page.getByRole('button', { name: 'New webhook' }).click();
    await page.getByLabel('Address', { exact: true }).fill(url);
    await page.getByRole('button', { name: 'Make it' }).click();
  };
  await step('sign in', async () => {
    await signIn(page);
    await page.goto(`${base}/settings?part=programs`);
    await page.getByRole('heading', { name: 'Webhooks' }).waitFor();
    await audit(page);
  });
  await step('what is no address, and one that is not allowed, is said beside the field', async () => {
    await make('example');
    await page.getByText('This is not an address').waitFor();
    await audit(page);
    equal(await page.getByLabel('Address', { exact: true }).getAttribute('aria-invalid'), 'true');
    if (!isAllowed) {
      await page.getByLabel('Address', { exact: true }).fill('https://127.0.0.1/hook');
      await page.getByRole('button', { name: 'Make it' }).click();
      await page.getByText(/must be a public one/).waitFor();
    }
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
  });
  if (!isAllowed) return;
  await step('the secret is shown once', async () => {
    await make(receiver.url);
    secret = (await page.getByTestId('webhook-secret').innerText()).trim();
    match(secret, /^whsec_/);
    await audit(page);
    await page.reload();
    await page.getByRole('button', { name: `Pause ${receiver.url}` }).waitFor();
    equal(await page.getByTestId('webhook-secret').count(), 0);
  });
  await step('a test arrives, signed', async () => {
    await page.getByRole('button', { name: `Send a test to ${receiver.url}` }).click();
    await page.getByText('Arrived').waitFor({ timeout: 30_000 });
    await until(() => receiver.got.length > 0, 'the test');
    const [message] = receiver.got;
    equal(JSON.parse(message.body).type, 'test');
    ok(isSigned(message, secret), 'the signature fits the secret');
    await audit(page);
  });
  await step('what the receiver refuses is shown with its status', async () => {
    receiver.status = 500;
    await page.getByRole('button', { name: `Send a test to ${receiver.url}` }).click();
    await page.getByText(/answered 500/).waitFor({ timeout: 30_000 });
    await audit(page);
    receiver.status = 204;
    await page.getByText('Arrived').nth(1).waitFor({ timeout: 60_000 });
  });
  await step('the end of a job is told', async () => {
    await page.goto(base);
    await page.getByRole('button', { name: /^Use the sample/ }).first().click();
    await page.getByRole('link', { name: /^Continue with/ }).click({ timeout: 60_000 });
    await startTraining(page, '0.17');
    await awaitResults(page);
    await until(() => receiver.got.some(({ body }) => JSON.parse(body).type === 'job.completed'), 'the message of the job');
    await page.goto(`${base}/settings?part=programs`);
    await page.getByText(/^The last \d messages/).click();
    await page.getByText('A model is ready: ').waitFor();
  });
  await step('it is paused, resumed, changed and deleted', async () => {
    await page.getByRole('button', { name: `Pause ${receiver.url}` }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    equal(await page.getByRole('button', { name: `Send a test to ${receiver.url}` }).isDisabled(), true);
    await audit(page);
    await page.getByRole('button', { name: `Resume ${receiver.url}` }).click();
    await page.getByText('On', { exact: true }).waitFor();
    await page.getByRole('button', { name: `Change ${receiver.url}` }).click();
    const other = `${receiver.url}/other`;
    await page.getByLabel('Address', { exact: true }).first().fill(other);
    await page.getByRole('checkbox', { name: /A model is ready/ }).first().uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: `Delete ${other}` }).click();
    await audit(page);
    await page.getByRole('button', { name: 'Delete', exact: true }).last().click();
    await page.getByText('None. A webhook is an address of yours').waitFor();
  });
});
receiver.close();
