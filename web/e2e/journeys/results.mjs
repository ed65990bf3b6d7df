// The main job end to end for two classes, several classes and numbers: an own file, training, the results of each kind, an answer.
import { Buffer } from 'node:buffer';
import { equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { audit, awaitResults, base, deployAndAsk, journey, signIn, startTraining, step, watch } from '../harness.mjs';

/** A table of 400 rows whose last column follows from the others, with some noise that is the same every time. */
function table(target) {
  const lines = ['size,colour,age,target'];
  for (let row = 0; row < 400; row += 1) {
    const size = (row * 37) % 100;
    const age = (row * 53) % 71;
    const noise = ((row * 7919) % 101) - 50;
    lines.push(`${size},${['red', 'green', 'blue'][row % 3]},${age},${target(size, age, noise)}`);
  }
  return `${lines.join('\n')}\n`;
}

const TABLES = {
  binary: table((size, age, noise) => (size + noise / 2 > 50 ? 'yes' : 'no')),
  multiclass: table((size, age, noise) => ['low', 'middle', 'high'][Math.min(2, Math.floor(Math.max(0, size + noise / 5) / 34))]),
  regression: table((size, age, noise) => (size * 3.7 - age * 1.3 + noise / 4).toFixed(2)),
};

async function train(page, kind) {
  await page.goto(base);
  await page.locator('input[type=file]').setInputFiles({ name: `${kind}.csv`, mimeType: 'text/csv', buffer: Buffer.from(TABLES[kind]) });
  await page.getByRole('heading', { name: 'What do you want to predict?' }).waitFor({ timeout: 60_000 });
  await page.getByRole('combobox', { name: 'Column to predict' }).fill('target');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Continue with target' }).click();
  await startTraining(page);
  await awaitResults(page);
}

/** The text of a file that a button saves. */
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

await journey(async (page) => {
  watch(page);
  await step('sign in', () => signIn(page));

  await step('two classes', () => train(page, 'binary'));
  await step('a threshold is tried out', async () => {
    await page.getByRole('heading', { name: 'Where to draw the line' }).waitFor();
    const slider = page.getByRole('slider', { name: 'Threshold' });
    const recall = () => page.locator('dt', { hasText: /^Recall$/ }).locator('xpath=following-sibling::dd').first().innerText();
    await slider.focus();
    await page.keyboard.press('Home');
    equal(await recall(), '100%', 'the lowest threshold finds all');
    await page.keyboard.press('End');
    ok((await recall()) !== '100%', 'the highest finds few');
    await page.getByRole('textbox', { name: /^Cost of a yes/ }).fill('100');
    await page.getByRole('button', { name: 'Lowest cost' }).click();
    equal(await recall(), '100%', 'where misses are dear, all are found');
    await page.getByRole('textbox', { name: /^Cost of a yes/ }).fill('much');
    await page.getByText('A number of 0 or more.').waitFor();
    await page.getByRole('combobox', { name: 'Curve' }).selectOption('PR');
    await page.getByRole('heading', { name: 'Are its probabilities true?' }).waitFor();
    await page.getByRole('heading', { name: 'Class by class' }).waitFor();
    await audit(page);
  });
  await step('a chart is a table and three files', async () => {
    await page.getByRole('button', { name: 'Data and files: Precision-recall curve' }).click();
    await page.getByRole('region', { name: 'Table: Precision-recall curve' }).waitFor();
    await audit(page);
    const csv = await saved(page, 'CSV of Precision-recall curve');
    equal(csv.name, 'precision-recall-curve.csv');
    match(csv.bytes.toString(), /^threshold,recall,precision\r\n0?\.?\d+/);
    const svg = await saved(page, 'SVG of Precision-recall curve');
    match(svg.bytes.toString(), /^<svg [^>]*xmlns=/);
    match(svg.bytes.toString(), /stroke: rgb\(/);
    const png = await saved(page, 'PNG of Precision-recall curve');
    equal(png.bytes.subarray(1, 4).toString(), 'PNG');
    ok(png.bytes.length > 5000, `${png.bytes.length} bytes are no picture of a curve`);
    await page.getByRole('button', { name: 'Data and files: Importance of the columns' }).click();
    const bars = await saved(page, 'SVG of Importance of the columns');
    match(bars.bytes.toString(), />size</);
  });
  await step('an answer has its reasons and a range', async () => {
    match(await deployAndAsk(page), /^(yes|no)/);
    await page.getByRole('list', { name: 'What each column adds to the answer' }).getByText('size').waitFor();
    await page.getByRole('combobox', { name: 'How sure the range shall be' }).selectOption({ index: 1 });
    await page.getByText(/for \d+% of rows like those of the training/).waitFor();
    const before = await page.getByTestId('answer').innerText();
    const slider = page.getByRole('slider', { name: 'size, within what training has seen' });
    await slider.focus();
    await page.keyboard.press(before.startsWith('yes') ? 'Home' : 'End');
    await page.waitForFunction((was) => document.querySelector('[data-testid=answer]')?.textContent?.slice(0, 2) !== was.slice(0, 2), before);
    await audit(page);
  });

  await step('several classes', async () => {
    await train(page, 'multiclass');
    await page.getByRole('region', { name: 'Confusion matrix' }).getByRole('rowheader', { name: 'middle' }).waitFor();
    await page.getByRole('region', { name: 'Figures of each class' }).getByRole('rowheader', { name: 'high' }).waitFor();
    equal(await page.getByRole('slider', { name: 'Threshold' }).count(), 0);
    const classes = page.getByRole('region', { name: 'Class by class' });
    await classes.getByRole('combobox', { name: 'Class', exact: true }).selectOption('high');
    await classes.getByRole('img', { name: /^ROC curve for high with an area of 0\.\d{3}/ }).waitFor();
    await classes.getByRole('combobox', { name: 'Curve', exact: true }).selectOption('PR');
    await classes.getByRole('img', { name: /^Precision-recall curve for high with an area of/ }).waitFor();
    await audit(page);
    match(await deployAndAsk(page), /^(low|middle|high)/);
  });

  await step('numbers', async () => {
    await train(page, 'regression');
    await page.getByRole('heading', { name: 'Predicted and actual' }).waitFor();
    await page.getByRole('heading', { name: 'How far it is off' }).waitFor();
    await page.getByRole('list', { name: 'Mean absolute error by predicted value' }).waitFor();
    await audit(page);
    ok(Number.isFinite(Number((await deployAndAsk(page)).replaceAll(',', ''))));
    await page.getByRole('combobox', { name: 'How sure the range shall be' }).selectOption({ index: 1 });
    await page.getByText(/^Between/).waitFor();
  });
});
