import { expect, it } from 'vitest';
import { areSame, differenceOf } from './difference';

it('two values differ with a sign, more by their span', () => {
  expect(differenceOf([3, 1])).toBe(-2);
  expect(differenceOf([3, 1, 7])).toBe(6);
  expect(differenceOf([3, null, 7])).toBe(4);
  expect(differenceOf([3, null])).toBeNull();
  expect(differenceOf([])).toBeNull();
});

it('cells are the same as they are told', () => {
  expect(areSame(['0.91', '0.91'])).toBe(true);
  expect(areSame(['0.91', null])).toBe(false);
});
