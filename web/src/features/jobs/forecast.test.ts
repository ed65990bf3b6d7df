import { describe, expect, it } from 'vitest';
import { describeForecast, describeRows, type Forecast } from './forecast';

const FORECAST: Forecast = {
  __typename: 'JobForecast',
  trainingRows: 1200,
  holdoutRows: 300,
  folds: 5,
  trials: { __typename: 'WholeSpan', low: 12, high: 40 },
  seconds: { __typename: 'NumberSpan', low: 21.4, high: 60 },
  memoryBytes: { __typename: 'WholeSpan', low: 70_000_000, high: 150_000_000 },
  measured: false,
  learners: ['Baseline', 'Gradient boosting', 'Linear', 'Extra trees', 'Neural network'].map((title) => ({
    __typename: 'LearnerForecast',
    title,
  })),
  notes: [],
};

describe('describeForecast', () => {
  it('says spans, and names the first learners', () => {
    const words = describeForecast(FORECAST);
    expect(words).toContain('Likely 12 to 40 trials, mostly of Gradient boosting, Linear, Extra trees and others, in 21 s to 1 min');
    expect(words).toContain('of memory each.');
  });

  it('says one number where both ends are the same, and that there may be more', () => {
    const same = { ...FORECAST, seconds: { ...FORECAST.seconds, low: 60 }, trials: { ...FORECAST.trials, low: 300, high: null }, learners: [] };
    expect(describeForecast(same)).toContain('Likely 300 or more trials, in 1 min, with');
  });
});

it('says what the rows are for', () => {
  expect(describeRows(FORECAST)).toBe('1,200 rows to learn from, 300 kept for the final score; each trial is fitted 5 times, once a fold.');
  expect(describeRows({ ...FORECAST, folds: 1 })).toMatch(/fitted once\.$/);
});
