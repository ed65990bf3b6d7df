import { describe, expect, it } from 'vitest';
import { curveOf, rowsOf, spanOf, type DependenceOf } from './dependence';

const numbers: DependenceOf = {
  column: 'age',
  classes: ['yes', 'no'],
  points: [
    { value: 1, label: null, means: [0.2, 0.8] },
    { value: 4, label: null, means: [0.7, 0.3] },
  ],
  lines: [
    [0.1, 0.9],
    [0.3],
  ],
};

describe('partial dependence', () => {
  it('is a curve along numbers, for each class', () => {
    expect(curveOf(numbers, 0)).toEqual([
      { x: 1, mean: 0.2 },
      { x: 4, mean: 0.7 },
    ]);
    expect(curveOf(numbers, 1)?.map((point) => point.mean)).toEqual([0.8, 0.3]);
    expect(curveOf(numbers, 2)).toBeNull();
    expect(spanOf(numbers, 0)).toBeCloseTo(0.5);
  });

  it('has rows of the first class alone, and whole ones', () => {
    expect(rowsOf(numbers, 0)).toEqual([[0.1, 0.9]]);
    expect(rowsOf(numbers, 1)).toEqual([]);
  });

  it('is no curve along texts', () => {
    const texts: DependenceOf = { ...numbers, points: [{ value: null, label: 'red', means: [0.4, 0.6] }] };
    expect(curveOf(texts, 0)).toBeNull();
    expect(spanOf({ ...texts, points: [] }, 0)).toBe(0);
  });
});
