import { describe, expect, it } from 'vitest';
import type { ColumnKind, ColumnRole, ProblemType } from '../../gql/graphql';
import { byField, isFeature, mayBeGroups, mayBeTime, refusalsOf, type FieldName, type FormColumn } from './jobChecks';
import { emptyDraft, type JobDraft } from './jobDraft';

const column = (name: string, valueKind: ColumnKind, role: ColumnRole, distinct = 50): FormColumn => ({ name, valueKind, role, missing: 0, distinct });
const columns = [
  column('area', 'NUMERIC', 'NUMBER'),
  column('rooms', 'INTEGER', 'NUMBER', 5),
  column('city', 'CATEGORICAL', 'CATEGORY', 12),
  column('sold', 'DATE', 'DATE', 300),
  column('yes', 'BOOLEAN', 'CATEGORY', 2),
  column('row', 'ID', 'ID', 300),
];

describe('refusalsOf', () => {
  it('has nothing against what is automatic', () => expect(refusalsOf(emptyDraft(300), columns, 'BINARY')).toEqual({}));

  it.each<[string, Partial<JobDraft>, ProblemType, FieldName, RegExp]>([
    ['folds that are none', { validation: 'FOLDS', folds: 'many' }, 'BINARY', 'validation', /from 2 to 20/],
    ['a single fold', { validation: 'FOLDS', folds: '1' }, 'BINARY', 'validation', /from 2 to 20/],
    ['half a fold', { validation: 'FOLDS', folds: '2.5' }, 'BINARY', 'validation', /from 2 to 20/],
    ['time without a column', { validation: 'TIME' }, 'BINARY', 'validation', /when a row happened/],
    ['time by names', { validation: 'TIME', validationColumn: 'city' }, 'BINARY', 'validation', /put in order by city/],
    ['groups without a column', { validation: 'GROUP' }, 'BINARY', 'validation', /which group/],
    ['two groups', { validation: 'GROUP', validationColumn: 'yes' }, 'BINARY', 'validation', /fewer than 3 groups/],
    ['weights that order the rows', { validation: 'TIME', validationColumn: 'area', weightColumn: 'area' }, 'BINARY', 'weightColumn', /validated by this column/],
    ['weights with a role', { weightColumn: 'rooms', roles: { rooms: 'CATEGORY' } }, 'BINARY', 'weightColumn', /gave this column a role/],
    ['a threshold of a number', { threshold: 'F1' }, 'REGRESSION', 'threshold', /between two classes/],
    ['no share', { threshold: 'RECALL', atLeast: '' }, 'BINARY', 'threshold', /at most 100/],
    ['a share above all', { threshold: 'PRECISION', atLeast: '101' }, 'BINARY', 'threshold', /at most 100/],
    ['a direction of classes', { monotone: { area: 'RISING' } }, 'MULTICLASS', 'monotone', /no direction/],
    ['a direction of a percentile', { monotone: { area: 'RISING' }, metric: 'PINBALL_90' }, 'REGRESSION', 'monotone', /another metric/],
    ['a direction of names', { monotone: { city: 'RISING' } }, 'REGRESSION', 'monotone', /city cannot be used here: it holds no numbers/],
    ['a direction of categories', { monotone: { rooms: 'RISING' }, roles: { rooms: 'CATEGORY' } }, 'REGRESSION', 'monotone', /used as categories/],
    ['a direction of what is left out', { monotone: { rooms: 'RISING' }, exclude: ['rooms'] }, 'REGRESSION', 'monotone', /left out/],
    ['a direction of the weights', { monotone: { rooms: 'RISING' }, weightColumn: 'rooms' }, 'REGRESSION', 'monotone', /no feature/],
    ['a direction of the groups', { monotone: { rooms: 'RISING' }, validation: 'GROUP', validationColumn: 'rooms' }, 'REGRESSION', 'monotone', /no feature/],
    ['no time at all', { maxLatency: '0' }, 'BINARY', 'maxLatencyMilliseconds', /0.001 to 60,000/],
    ['words for a time', { maxLatency: 'soon' }, 'BINARY', 'maxLatencyMilliseconds', /0.001 to 60,000/],
    ['no column', { exclude: columns.map((one) => one.name) }, 'BINARY', 'exclude', /No column is left/],
    ['only the column of groups', { exclude: ['area', 'city', 'sold', 'yes'], validation: 'GROUP', validationColumn: 'rooms' }, 'BINARY', 'exclude', /No column is left/],
  ])('%s', (_, part, problem, field, words) => {
    const refusals = refusalsOf({ ...emptyDraft(300), ...part }, columns, problem);
    expect(Object.keys(refusals)).toEqual([field]);
    expect(refusals[field]).toMatch(words);
  });
});

it('takes the columns of weights and groups for no features, unless a role says otherwise', () => {
  const draft: JobDraft = { ...emptyDraft(300), validation: 'GROUP', validationColumn: 'rooms', weightColumn: 'area' };
  expect(columns.filter((one) => isFeature(draft, one)).map((one) => one.name)).toEqual(['city', 'sold', 'yes']);
  const withRole = { ...draft, roles: { rooms: 'NUMBER' as const } };
  expect(columns.filter((one) => isFeature(withRole, one)).map((one) => one.name)).toEqual(['rooms', 'city', 'sold', 'yes']);
});

it('offers what may order and group rows', () => {
  expect(columns.filter(mayBeTime).map((one) => one.name)).toEqual(['area', 'rooms', 'sold', 'yes', 'row']);
  expect(columns.filter(mayBeGroups).map((one) => one.name)).toEqual(['area', 'rooms', 'city', 'sold', 'row']);
  expect(mayBeGroups({ ...column('b', 'BOOLEAN', 'CATEGORY', 2), missing: 1 })).toBe(true);
});

it('puts the words of the server beside the fields', () => {
  const errors = [
    { message: 'No such column.', field: ['input', 'weightColumn'] },
    { message: 'It is text.', field: ['input', 'monotone'] },
    { message: 'It is left out.', field: ['input', 'monotone'] },
    { message: 'The queue is full.', field: null },
    { message: 'Not ready.', field: ['input', 'datasetId'] },
  ];
  expect(byField(errors)).toEqual({
    fields: { weightColumn: 'No such column.', monotone: 'It is text. It is left out.' },
    rest: ['The queue is full.', 'Not ready.'],
  });
});
