import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatCounted, formatDuration, formatNumber, formatPercent, formatScore, formatSentence } from './format';

describe('formatDuration', () => {
  it.each([
    [-3, '0 s'],
    [0, '0 s'],
    [0.0004, '1 ms'],
    [0.42, '420 ms'],
    [0.9996, '1.0 s'],
    [9.94, '9.9 s'],
    [42.4, '42 s'],
    [59.6, '1 min'],
    [185, '3 min 5 s'],
    [3599.9, '1 h'],
    [7800, '2 h 10 min'],
  ])('%f seconds read %s', (seconds, words) => expect(formatDuration(seconds)).toBe(words));
});

describe('numbers', () => {
  it('keeps small and large measurements readable', () => {
    expect(formatNumber(0)).toBe('0');
    expect(formatNumber(0.00001234)).toBe('1.23e-5');
    expect(formatNumber(1 / 3)).toBe('0.3333');
    expect(formatNumber(228500)).toBe('228,500');
    expect(formatNumber(Infinity)).toBe('∞');
  });
  it('shows a missing score as a dash, never as zero', () => {
    expect(formatScore(null)).toBe('–');
    expect(formatScore(0)).toBe('0.0000');
    expect(formatScore(47512.3)).toBe('47,512');
  });
  it('does not round a rare share down to nothing', () => {
    expect(formatPercent(0.0001)).toBe('< 0.1%');
    expect(formatPercent(0)).toBe('0%');
    expect(formatPercent(0.125)).toBe('12.5%');
  });
  it('counts and sizes', () => {
    expect(formatCounted(1, 'row')).toBe('1 row');
    expect(formatCounted(344, 'row')).toBe('344 rows');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(13_478)).toBe('13.5 KB');
    expect(formatBytes(5e9)).toBe('5.0 GB');
  });
});

describe('formatAgo', () => {
  const now = Date.UTC(2026, 5, 1, 12);
  it.each([
    [20_000, 'just now'],
    [5 * 60_000, '5 minutes ago'],
    [3 * 3_600_000, '3 hours ago'],
  ])('%d ms ago', (before, words) => expect(formatAgo(now - before, now)).toBe(words));
});

it('makes a sentence of a clause', () => {
  expect(formatSentence('there are too few rows')).toBe('There are too few rows.');
  expect(formatSentence('It is kept.')).toBe('It is kept.');
  expect(formatSentence(' ')).toBe('');
});
