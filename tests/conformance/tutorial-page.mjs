// docs/tutorial.md as steps: what is typed, and what of the answer matters.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The steps in order: the heading, the operation and the excerpt of its answer. */
export function steps() {
  const page = readFileSync(new URL('../../docs/tutorial.md', import.meta.url), 'utf8');
  const found = [];
  for (const section of page.split(/^## /m).slice(1)) {
    const title = section.slice(0, section.indexOf('\n'));
    for (const [, operation, excerpt] of section.matchAll(/```graphql\n([^]*?)```\n```json\n([^]*?)```/g)) {
      found.push({ title, operation, excerpt: JSON.parse(excerpt) });
    }
  }
  assert.ok(found.length >= 13, `only ${found.length} steps are in docs/tutorial.md`);
  return found;
}

const ID = /^[A-Z]+_ID$/;

/** The operation with the ids that earlier answers had. */
export function filled(operation, ids) {
  return operation.replace(/"([A-Z]+_ID)"/g, (_all, name) => {
    assert.ok(ids.has(name), `no earlier answer has ${name}`);
    return JSON.stringify(ids.get(name));
  });
}

/** Asserts that the answer has what the excerpt shows, and keeps the ids that it names for the first time. */
export function check(answer, excerpt, ids, path = 'answer') {
  if (excerpt === '…') {
    assert.ok(answer !== undefined && answer !== null, `${path} is missing`);
  } else if (typeof excerpt === 'string' && ID.test(excerpt)) {
    assert.equal(typeof answer, 'string', `${path} is no id`);
    if (ids.has(excerpt)) assert.equal(answer, ids.get(excerpt), path);
    ids.set(excerpt, answer);
  } else if (Array.isArray(excerpt)) {
    assert.ok(Array.isArray(answer), `${path} is no list`);
    if (excerpt.length === 0) assert.deepEqual(answer, [], path);
    excerpt.forEach((item, place) => check(answer[place], item, ids, `${path}[${place}]`));
  } else if (excerpt !== null && typeof excerpt === 'object') {
    assert.ok(answer !== null && typeof answer === 'object', `${path} is ${JSON.stringify(answer)}`);
    for (const [name, value] of Object.entries(excerpt)) check(answer[name], value, ids, `${path}.${name}`);
  } else {
    assert.equal(answer, excerpt, path);
  }
}
