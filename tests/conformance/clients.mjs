// The programs of docs/clients.md, each run as it stands.
//
//   BASE_URL=... TOKEN=... PYTHON=python3 node --test clients.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

const { BASE_URL, TOKEN, PYTHON = 'python3' } = process.env;
if (!BASE_URL || !TOKEN) throw new Error('Set BASE_URL and TOKEN; `automl serve --json` prints them.');
const page = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8');

/** Runs the block of a language in a folder of its own; what it prints. */
function run(language, program, file, folder) {
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page);
  assert.ok(block, `docs/clients.md has no ${language}`);
  writeFileSync(join(folder, file), block[1]);
  return execFileSync(program, [join(folder, file)], { cwd: folder, encoding: 'utf8', timeout: 180_000, env: process.env });
}

function temporary(parent, context) {
  const folder = mkdtempSync(join(parent, 'clients-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('curl', (context) => {
  const printed = run('bash', 'bash', 'program.sh', temporary(tmpdir(), context));
  assert.match(printed, /READY\nCOMPLETED\n/);
  assert.match(printed, /"deployed":true/);
  assert.match(printed, /"predictions":\[\{.*"value":1[34]\d/);
});

test('Python', (context) => {
  const printed = run('python', PYTHON, 'program.py', temporary(tmpdir(), context));
  assert.match(printed, /dataset: READY\njob: COMPLETED\n/);
  assert.match(printed, /\n\[1[34]\d\.\d+, /);
});

test('Apollo Client', (context) => {
  // Beside this file: the program finds its packages where this one does.
  const printed = run('js', process.execPath, 'program.mjs', temporary(import.meta.dirname, context));
  assert.match(printed, /READY\n344 rows\n/);
});
