import { expect, test } from 'vitest';
import { bestBy, costOf, figuresOf, nearest, parseCost, type Cut } from './cuts';

const at = (threshold: number, truePositives: number, falsePositives: number): Cut => ({ threshold, truePositives, falsePositives, positives: 40, negatives: 60 });
const CUTS = [at(0.9, 10, 0), at(0.5, 30, 6), at(0.1, 40, 30)];

test('the figures of a threshold are those of its four counts', () => {
  const figures = figuresOf(at(0.5, 30, 6));
  expect(figures.falseNegatives).toBe(10);
  expect(figures.trueNegatives).toBe(54);
  expect(figures.accuracy).toBeCloseTo(0.84);
  expect(figures.precision).toBeCloseTo(30 / 36);
  expect(figures.recall).toBe(0.75);
  expect(figures.falseAlarmRate).toBe(0.1);
  expect(figures.balancedAccuracy).toBeCloseTo(0.825);
  expect(figures.f1).toBeCloseTo(60 / 76);
  expect(figures.mcc).toBeCloseTo((30 * 54 - 6 * 10) / Math.sqrt(36 * 64 * 40 * 60));
});

test('a threshold that lets nothing through has no precision', () => {
  expect(figuresOf(at(1, 0, 0)).precision).toBeNull();
  expect(figuresOf(at(1, 0, 0)).mcc).toBeNull();
});

test('dear misses lower the threshold, dear false alarms raise it', () => {
  const cheapest = (miss: number, alarm: number) => CUTS[bestBy(CUTS, (cut) => -costOf(cut, miss, alarm))]?.threshold;
  expect(cheapest(1, 1)).toBe(0.5);
  expect(cheapest(10, 1)).toBe(0.1);
  expect(cheapest(1, 10)).toBe(0.9);
});

test('the nearest cut is found, and costs are read as typed', () => {
  expect(nearest(CUTS, 0.48)).toBe(1);
  expect(nearest([], 0.5)).toBe(0);
  expect([parseCost('2,5'), parseCost(' 3 '), parseCost('0'), parseCost(''), parseCost('-1'), parseCost('much')]).toEqual([2.5, 3, 0, null, null, null]);
});
