import { buildSchema, GraphQLEnumType } from 'graphql';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_METRIC, METRICS, metricsFor } from './metrics';
import { DOWNLOADS, JOB_STATES, PROBLEMS, ROLES, STEPS, TRIAL_STATES, wordsOf } from './words';

const schema = buildSchema(readFileSync('../schema.graphql', 'utf8'));

function valuesOf(name: string): string[] {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLEnumType)) throw new Error(`${name} is no enum of the schema`);
  return type.getValues().map((value) => value.name);
}

it.each([
  ['Metric', METRICS],
  ['ProblemType', PROBLEMS],
  ['ColumnRole', ROLES],
  ['JobState', JOB_STATES],
  ['TrialState', TRIAL_STATES],
  ['StepName', STEPS],
  ['DownloadKind', DOWNLOADS],
])('every value of %s has words, and no words are left over', (name, words) => {
  expect(Object.keys(words).sort()).toEqual(valuesOf(name).sort());
});

it('offers for each problem metrics that fit it, the default among them', () => {
  for (const problem of ['BINARY', 'MULTICLASS', 'REGRESSION'] as const) expect(metricsFor(problem)).toContain(DEFAULT_METRIC[problem]);
  expect(metricsFor('REGRESSION')).not.toContain('ACCURACY');
});

it('shows a value of a newer server as it is', () => {
  expect(wordsOf(JOB_STATES, 'ON_HOLD').name).toBe('on hold');
});
