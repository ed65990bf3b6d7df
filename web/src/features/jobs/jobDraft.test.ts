import { describe, expect, it } from 'vitest';
import { defaultBudget, emptyDraft, parseMinutes, refuseSeed, toInput, withProblem } from './jobDraft';

describe('toInput', () => {
  it('leaves to the server what is automatic', () => {
    expect(toInput(emptyDraft(344), 'd1', 'species')).toEqual({ datasetId: 'd1', target: 'species', budgetSeconds: 120, preset: 'BALANCED' });
  });
  it('sends what was chosen', () => {
    const draft = {
      ...emptyDraft(344),
      name: '  mine ',
      problem: 'MULTICLASS' as const,
      metric: 'ACCURACY' as const,
      seed: '0',
      gpu: 'NO' as const,
      exclude: ['year'],
      roles: { island: 'TEXT' as const },
    };
    expect(toInput(draft, 'd1', 'species')).toMatchObject({
      name: 'mine',
      problem: 'MULTICLASS',
      metric: 'ACCURACY',
      seed: 0,
      gpu: 'NO',
      exclude: ['year'],
      roles: [{ column: 'island', role: 'TEXT' }],
    });
  });
});

it.each([
  [999, 120],
  [1000, 300],
  [10_000, 600],
  [50_000, 1200],
])('a table of %d rows starts with %d s', (rows, seconds) => expect(defaultBudget(rows)).toBe(seconds));

it.each([
  ['5', 300],
  [' 0,5 ', 30],
  ['0.1', null],
  ['1440', 86_400],
  ['1441', null],
  ['', null],
  ['five', null],
  ['-3', null],
])('%j minutes', (text, seconds) => expect(parseMinutes(text)).toBe(seconds));

it('takes whole numbers as seeds', () => {
  expect(refuseSeed('')).toBeNull();
  expect(refuseSeed('42')).toBeNull();
  expect(refuseSeed('4.2')).not.toBeNull();
  expect(refuseSeed('9'.repeat(16))).not.toBeNull();
});

it('drops a metric that does not fit the problem, and keeps one that does', () => {
  const draft = { ...emptyDraft(10), metric: 'ACCURACY' as const };
  expect(withProblem(draft, 'REGRESSION', 'BINARY').metric).toBe('AUTO');
  expect(withProblem(draft, 'MULTICLASS', 'BINARY').metric).toBe('ACCURACY');
  expect(withProblem(draft, 'AUTO', 'REGRESSION').metric).toBe('AUTO');
});
