import { expect, it } from 'vitest';
import { splitByTarget, strengthText, type Pair } from './associations';

const pair = (left: string, right: string, value: number): Pair => ({ left, right, value, measuredBy: 'PEARSON' });
const pairs = [pair('a', 'b', -0.9), pair('c', 'a', 0.7), pair('b', 'c', 0.2)];

it('puts the pairs of the target first, by the other column', () => {
  const { withTarget, others } = splitByTarget(pairs, 'a');
  expect(withTarget.map((one) => [one.column, one.value])).toEqual([['b', -0.9], ['c', 0.7]]);
  expect(others).toEqual([pairs[2]]);
  expect(splitByTarget(pairs, null)).toEqual({ withTarget: [], others: pairs });
});

it('says the sign, and how it was measured where that is known', () => {
  expect(strengthText(-0.8349, 'PEARSON')).toBe('−0.83 · correlation');
  expect(strengthText(0.5, null)).toBe('0.50');
});
