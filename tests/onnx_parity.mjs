// onnx_parity.mjs NODE_MODULES MODEL DATA PREDICTIONS: runs the Node lines of docs/model-format.md on rows of a raw CSV, and
// compares with the predictions of `automl predict`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Each row makes a session, as the lines do.
const ROWS = 40;

const [modules, model, data, predictions] = process.argv.slice(2);
const ort = createRequire(`${modules}/`)("onnxruntime-node");

const page = readFileSync(new URL("../docs/model-format.md", import.meta.url), "utf8");
const lines = page.match(/### Node\n```js\n([^]*?)```/)[1];
// What a reader replaces: where the package comes from, the file, the row, and what becomes of the answer.
const replaced = [
  [/^import .*$/m, ""],
  ['"model.onnx"', "model"],
  [/^const row = .*$/m, ""],
  ["console.log(", "return ("],
];
let body = lines;
for (const [from, to] of replaced) {
  const next = body.replace(from, to);
  assert.notEqual(next, body, `docs/model-format.md has no ${from}`);
  body = next;
}
const documented = Object.getPrototypeOf(async () => {}).constructor("ort", "model", "row", body);

const rows = table(data);
const wanted = table(predictions);
assert.equal(rows.length, wanted.length);
let largest = 0;
for (const [place, row] of rows.slice(0, ROWS).entries()) {
  // A blank cell is a column that is left out.
  const given = Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== ""));
  const answer = Object.values(await documented(ort, model, given));
  const native = wanted[place];
  const classes = Object.keys(native).filter((name) => name.startsWith("p_"));
  const numbers = Array.from(answer.find((values) => typeof values[0] === "number"));
  const expected = classes.length > 0 ? classes.map((name) => Number(native[name])) : [Number(native.prediction)];
  assert.equal(numbers.length, expected.length);
  numbers.forEach((value, index) => {
    const scale = classes.length > 0 ? 1 : Math.max(1, Math.abs(expected[index]));
    largest = Math.max(largest, Math.abs(value - expected[index]) / scale);
  });
  const [first, second] = [...expected].sort((a, b) => b - a);
  if (classes.length > 0 && first - second > 1e-4) {
    assert.deepEqual(answer.find((values) => typeof values[0] === "string"), [native.prediction]);
  }
}
assert.ok(largest <= 1e-5, `largest difference ${largest}`);
console.log(`${Math.min(rows.length, ROWS)} rows agree within ${largest}`);

/** The rows of a CSV file (RFC 4180) as objects. */
function table(path) {
  const cells = readFileSync(path, "utf8").matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g);
  const found = [[]];
  for (const [all, quoted, plain, end] of cells) {
    if (all === "") break;
    found.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") found.push([]);
  }
  found.pop();
  const [names, ...lines] = found;
  return lines.map((line) => Object.fromEntries(names.map((name, index) => [name, line[index]])));
}
