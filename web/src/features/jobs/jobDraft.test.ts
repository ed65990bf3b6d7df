import { describe, expect, it } from 'vitest';
import { defaultBudget, emptyDraft, overridesOf, parseMinutes, refuseSeed, toInput, withProblem, type JobDraft } from './jobDraft';

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

  it.each<[string, Partial<JobDraft>, object]>([
    ['one split', { validation: 'HOLDOUT' }, { validation: { kind: 'HOLDOUT' } }],
    ['folds as typed', { validation: 'FOLDS', folds: ' 7 ' }, { validation: { kind: 'FOLDS', folds: 7 } }],
    ['time, without the folds that stand beside', { validation: 'TIME', folds: '7', validationColumn: 'sold' }, { validation: { kind: 'TIME', column: 'sold' } }],
    ['groups', { validation: 'GROUP', validationColumn: 'customer' }, { validation: { kind: 'GROUP', column: 'customer' } }],
    ['no column where none is needed', { validation: 'AUTO', validationColumn: 'sold' }, {}],
    ['weights', { weightColumn: 'w' }, { weightColumn: 'w' }],
    ['a goal without a share', { threshold: 'MCC', atLeast: '90' }, { threshold: { goal: 'MCC' } }],
    ['a goal with one', { threshold: 'RECALL', atLeast: '92,5' }, { threshold: { goal: 'RECALL', atLeast: 0.925 } }],
    ['directions', { monotone: { area: 'RISING', age: 'FALLING' } }, { monotone: [{ column: 'area', direction: 'RISING' }, { column: 'age', direction: 'FALLING' }] }],
    ['a limit', { maxLatency: '2,5' }, { maxLatencyMilliseconds: 2.5 }],
    ['no role of a column that is left out', { exclude: ['a'], roles: { a: 'TEXT', b: 'TEXT' } }, { exclude: ['a'], roles: [{ column: 'b', role: 'TEXT' }] }],
    ['nothing of the target', { exclude: ['species'], roles: { species: 'TEXT' } }, {}],
  ])('sends %s', (_, part, expected) => {
    expect(toInput({ ...emptyDraft(344), ...part }, 'd1', 'species')).toEqual({ datasetId: 'd1', target: 'species', budgetSeconds: 120, preset: 'BALANCED', ...expected });
  });
});

it('starts with the roles that were changed before, and gives them back', () => {
  const overrides = { a: 'TEXT', b: 'EXCLUDED' } as const;
  const draft = emptyDraft(10, overrides);
  expect(draft).toMatchObject({ exclude: ['b'], roles: { a: 'TEXT' } });
  expect(overridesOf(draft)).toEqual(overrides);
  expect(overridesOf({ ...draft, exclude: ['a'] })).toEqual({ a: 'EXCLUDED' });
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

it('keeps a threshold for two classes only', () => {
  const draft = { ...emptyDraft(10), threshold: 'F1' as const };
  expect(withProblem(draft, 'AUTO', 'BINARY').threshold).toBe('F1');
  expect(withProblem(draft, 'MULTICLASS', 'BINARY').threshold).toBe('AUTO');
});
