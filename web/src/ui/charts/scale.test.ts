import { expect, it } from 'vitest';
import { extentOf, linearScale, roundTicks } from './scale';

it('maps a domain to a range, also upside down and when it is a point', () => {
  expect(linearScale([0, 10], [0, 100])(2.5)).toBe(25);
  expect(linearScale([0, 1], [200, 0])(1)).toBe(0);
  expect(linearScale([3, 3], [0, 100])(3)).toBe(50);
});

it('ticks are round, inside, and about as many as asked', () => {
  expect(roundTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(roundTicks([0.13, 0.31], 4)).toEqual([0.15, 0.2, 0.25, 0.3]);
  expect(roundTicks([-1200, 3100], 5)).toEqual([-1000, 0, 1000, 2000, 3000]);
});

it('survives domains without length and values that are no numbers', () => {
  expect(roundTicks([5, 5], 4)).toEqual([5]);
  expect(roundTicks([NaN, 1], 4)).toEqual([]);
  expect(extentOf([])).toEqual([0, 1]);
  expect(extentOf([NaN, 2, Infinity, 4])).toEqual([2, 4]);
  const [low, high] = extentOf([7]);
  expect(low).toBeLessThan(7);
  expect(high).toBeGreaterThan(7);
});
