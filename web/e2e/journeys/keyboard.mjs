// The whole main job with the keyboard alone: no click, no tap; what is reached is reached by Tab, and each stop can be seen.
import { ok } from 'node:assert/strict';
import { awaitResults, journey, signIn, step, watch } from '../harness.mjs';

const MOST_STOPS = 150;

/** Goes on by Tab until what has the focus is `target`, which must then be visible and marked. */
async function tabTo(page, target, key = 'Tab') {
  await target.waitFor();
  // Held, not looked for again: an open list on the way hides the rest of the page from roles.
  const wanted = await target.elementHandle();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      const seen = await wanted.evaluate((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const { top, bottom } = element.getBoundingClientRect();
        return { isMarked: outlineStyle !== 'none' && outlineWidth !== '0px', isVisible: bottom > 0 && top < window.innerHeight };
      });
      ok(seen.isMarked, 'the focus has a mark');
      ok(seen.isVisible, 'the focus is on the screen');
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`not reached in ${MOST_STOPS} stops`);
}

async function press(page, target, key = 'Enter') {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

await journey(async (page) => {
  watch(page);
  await step('sign in', () => signIn(page));
  await step('the content is one jump away', async () => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    ok(await page.locator('main').evaluate((element) => element === document.activeElement));
  });
  await step('a sample', async () => {
    await press(page, page.getByRole('button', { name: /^Use the sample/ }).first());
    await page.getByRole('heading', { name: 'What do you want to predict?' }).waitFor({ timeout: 60_000 });
  });
  await step('a target and a budget', async () => {
    await press(page, page.getByRole('link', { name: /^Continue with/ }));
    await tabTo(page, page.getByRole('combobox', { name: 'Time budget' }));
    await page.keyboard.press('End');
    await tabTo(page, page.getByRole('textbox', { name: 'Minutes' }));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('0.5');
    await press(page, page.getByRole('button', { name: 'Start training' }));
    await page.getByRole('list', { name: 'Steps' }).waitFor();
  });
  await step('results', async () => {
    await awaitResults(page);
    await press(page, page.getByRole('button', { name: 'Deploy', exact: true }));
    await press(page, page.getByRole('link', { name: 'Ask the model' }));
  });
  await step('an answer that follows the keys', async () => {
    await page.getByTestId('answer').waitFor();
    await tabTo(page, page.getByRole('slider').first());
    await page.keyboard.press('Home');
    await page.getByTestId('answer').waitFor();
    await press(page, page.getByRole('button', { name: 'Clear all' }));
    await page.getByTestId('answer').waitFor();
  });
});
