// Every deprecation says what to use instead and until when the old way works:
//
//   node deprecations.mjs SCHEMA [TODAY]
//
// The reason ends with "removed after YYYY-MM-DD.". Half a year is the least that clients get; what is due is to be removed.
import { readFileSync } from 'node:fs';
import { Kind, parse, visit } from 'graphql';

const [file, today = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (!file) {
  console.error('Usage: node deprecations.mjs SCHEMA [TODAY]');
  process.exit(2);
}

const faults = [];
let count = 0;
visit(parse(readFileSync(file, 'utf8')), {
  Directive(node, _key, _parent, _path, ancestors) {
    if (node.name.value !== 'deprecated') return;
    count += 1;
    const owners = ancestors.filter((one) => !Array.isArray(one) && one.name).map((one) => one.name.value);
    const where = owners.join('.');
    const reason = node.arguments?.find((one) => one.name.value === 'reason')?.value;
    const text = reason?.kind === Kind.STRING ? reason.value : '';
    const match = /^Use `.+; removed after (\d{4}-\d{2}-\d{2})\.$/s.exec(text);
    if (!match || Number.isNaN(Date.parse(match[1]))) {
      faults.push(`${where}: the reason must be "Use \`other\`…; removed after YYYY-MM-DD.", and it is ${JSON.stringify(text)}`);
    } else if (match[1] < today) {
      faults.push(`${where}: it was to be removed after ${match[1]}; remove it, or give clients more time`);
    }
  },
});
for (const fault of faults) console.error(fault);
console.log(`${count} deprecations, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
