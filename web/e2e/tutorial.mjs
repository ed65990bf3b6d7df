// docs/tutorial.md, pasted into the playground of a running server, in a real browser.
// BASE_URL and TOKEN come from `automl serve --json`; CHROMIUM names the browser.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { check, filled, steps } from '../../tests/conformance/tutorial-page.mjs';

const { BASE_URL: base, TOKEN: token } = process.env;
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!base || !token || !existsSync(executablePath)) {
  console.error('Set BASE_URL and TOKEN from `automl serve --json`, and CHROMIUM when the browser is not /usr/bin/chromium.');
  process.exit(2);
}
const LIMIT = Number(process.env.LIMIT ?? 120_000);

/** Answers of queries and mutations by their text, and the last event of each subscription that has completed. */
function listen(page, waiting) {
  page.on('response', (response) => {
    const request = response.request();
    if (request.method() !== 'POST' || !request.url().endsWith('/graphql')) return;
    const { query } = request.postDataJSON() ?? {};
    waiting.get(query?.trim())?.(response.json());
  });
  page.on('websocket', (socket) => {
    const running = new Map();
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(payload);
      if (message.type === 'subscribe') running.set(message.id, { query: message.payload.query });
    });
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(payload);
      const operation = running.get(message.id);
      if (message.type === 'next') operation.last = message.payload;
      if (message.type === 'complete') waiting.get(operation.query.trim())?.(operation.last);
    });
  });
}

/** Pastes an operation in place of what is there, runs it, and waits for its answer. */
async function run(page, waiting, query) {
  const answer = new Promise((resolve, reject) => {
    waiting.set(query.trim(), resolve);
    setTimeout(() => reject(new Error(`no answer to\n${query}`)), LIMIT);
  });
  await page.locator('.graphiql-query-editor .monaco-editor').first().click();
  await page.keyboard.press('Control+A');
  // Pasted, since the editor completes brackets that are typed.
  await page.evaluate((text) => window.navigator.clipboard.writeText(text), query);
  await page.keyboard.press('Control+V');
  // The playground reads what was typed a moment later, as a person would let it.
  await page.waitForTimeout(700);
  await page.keyboard.press('Control+Enter');
  return answer;
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${base}/favicon.svg`);
  await page.evaluate((bearer) => localStorage.setItem('automl.token', bearer), token);
  const [waiting, ids] = [new Map(), new Map()];
  listen(page, waiting);
  await page.goto(`${base}/graphiql`);
  await page.locator('.graphiql-query-editor .monaco-editor').first().waitFor({ timeout: LIMIT });
  for (const { title, operation, excerpt } of steps()) {
    check(await run(page, waiting, filled(operation, ids)), excerpt, ids);
    console.log(`ok ${title}`);
  }
} catch (error) {
  if (process.env.SHOT) await browser.contexts()[0].pages()[0].screenshot({ path: process.env.SHOT });
  throw error;
} finally {
  await browser.close();
}
