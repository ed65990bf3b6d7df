import { expect, test } from 'vitest';
import { parameterLines } from './trialWords';

test('hyperparameters are told by name, parts of parts by their path', () => {
  expect(parameterLines({ learning_rate: 0.05, growth: { kind: 'leaf_wise', max_leaves: 31 }, early: true, sizes: [1, 2], none: null })).toEqual([
    ['learning rate', '0.05'],
    ['growth · kind', 'leaf_wise'],
    ['growth · max leaves', '31'],
    ['early', 'true'],
    ['sizes', '[1,2]'],
    ['none', 'null'],
  ]);
});

test('what is no object has no lines', () => {
  expect([parameterLines(null), parameterLines('x'), parameterLines([1])]).toEqual([[], [], []]);
});
