import { expect, it } from 'vitest';
import { costWords, formatAmount } from './cost';

it('tells a cost as time, and as money where there is a price', () => {
  expect(costWords({ computeSeconds: 724, amount: null, currency: null })).toBe('12 min 4 s');
  expect(costWords({ computeSeconds: 724, amount: 1.5, currency: 'EUR' })).toBe(`12 min 4 s, ${formatAmount(1.5, 'EUR')}`);
});

it('shows small sums, and currencies of the house', () => {
  expect(formatAmount(0.0042, 'EUR')).toContain('0.0042');
  expect(formatAmount(12.5, 'credits')).toBe('12.50 credits');
  expect(formatAmount(0, null)).toBe('0.00');
});
