// Reads every .tf and .tfvars file below a folder with HashiCorp's own parser, and asks its formatter what `terraform fmt` would
// write. Prints { path: { content, formatted } }; a file that is not HCL ends it with the parser's words.
//   node read.mjs FOLDER          node read.mjs FOLDER --write     (formats the files)
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { parse } = require('@cdktn/hcl2json');
const { format } = require('@cdktn/hcl-tools');

const [folder, write] = process.argv.slice(2);
const names = readdirSync(folder, { recursive: true }).filter(
  (name) => /\.(tf|tfvars)$/.test(name) && !/(node_modules|\.terraform)\//.test(name),
);
const files = {};
for (const name of names.sort()) {
  const path = join(folder, name);
  const text = readFileSync(path, 'utf8');
  // The formatter ends what it writes with more lines than it was given.
  const wanted = `${(await format(text)).trimEnd()}\n`;
  if (write === '--write' && wanted !== text) writeFileSync(path, wanted);
  files[name] = { content: await parse(name, text), formatted: wanted === text || write === '--write' };
}
// The parsers keep the process alive.
process.stdout.write(JSON.stringify(files), () => process.exit(0));
