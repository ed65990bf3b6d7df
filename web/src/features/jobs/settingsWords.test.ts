import { buildSchema, type GraphQLEnumType } from 'graphql';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DIRECTIONS, listWords, monotoneWords, runSentences, thresholdWords, THRESHOLDS, validationWords, VALIDATIONS } from './settingsWords';

const schema = buildSchema(readFileSync('../schema.graphql', 'utf8'));

it.each([
  ['ValidationKind', VALIDATIONS],
  ['ThresholdGoal', THRESHOLDS],
  ['MonotoneDirection', DIRECTIONS],
])('every value of %s has words, and no words are left over', (name, words) => {
  const type = schema.getType(name) as GraphQLEnumType;
  expect(Object.keys(words).sort()).toEqual(type.getValues().map((value) => value.name).sort());
});

it('says how a job is validated', () => {
  expect(validationWords({ kind: 'AUTO', folds: null, column: null })).toBe('automatic');
  expect(validationWords({ kind: 'FOLDS', folds: 7 })).toBe('7 folds');
  expect(validationWords({ kind: 'GROUP', column: 'customer' })).toBe('whole groups of customer');
});

it('says what a threshold and directions are for', () => {
  expect(thresholdWords({ goal: 'RECALL', atLeast: 0.9 })).toBe('recall of at least 90%');
  expect(thresholdWords({ goal: 'F1', atLeast: null })).toBe('best F1');
  expect(monotoneWords([{ column: 'a', direction: 'RISING' }, { column: 'b', direction: 'FALLING' }, { column: 'c', direction: 'RISING' }])).toBe('rises with a and c; falls with b');
  expect(monotoneWords([])).toBe('');
});

it('names a few and counts the rest', () => {
  expect(listWords(['a'])).toBe('a');
  expect(listWords(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d and e');
  expect(listWords(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 others');
});

it('has a sentence for whatever is not automatic, and none else', () => {
  expect(runSentences({})).toEqual([]);
  const sentences = runSentences({
    validation: { kind: 'TIME', column: 'sold' },
    weightColumn: 'w',
    threshold: { goal: 'PRECISION', atLeast: 0.8 },
    monotone: [{ column: 'area', direction: 'RISING' }, { column: 'age', direction: 'FALLING' }],
    maxLatencyMilliseconds: 2,
  });
  expect(sentences).toEqual([
    'Models learn from earlier rows and are judged on later ones, in the order of sold; the latest rows give the final score.',
    'Rows count by w, in learning and in scores.',
    'Where it decides between the two classes is chosen for a precision of at least 80%.',
    'The prediction only rises with area, and only falls with age.',
    'Models that take more than 2 ms for a row are left out.',
  ]);
});
