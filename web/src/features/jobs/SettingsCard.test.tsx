import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { makeFragmentData } from '../../gql';
import type { SettingsCard_JobFragment } from '../../gql/graphql';
import { SettingsCard, SettingsCardJob } from './SettingsCard';

afterEach(cleanup);

const automatic: SettingsCard_JobFragment['settings'] = {
  __typename: 'JobSettings',
  budgetSeconds: 60,
  preset: 'QUICK',
  seed: 7,
  exclude: [],
  gpu: 'ALLOWED',
  roles: [],
  validation: { __typename: 'ValidationSettings', kind: 'AUTO', folds: null, column: null },
  weightColumn: null,
  threshold: null,
  monotone: [],
  maxLatencyMilliseconds: null,
};

/** What the card says, by the names of its facts. */
function facts(settings: Partial<SettingsCard_JobFragment['settings']>): Record<string, string> {
  const job = makeFragmentData(
    { __typename: 'Job', id: 'j1', problem: 'BINARY', metric: 'ROC_AUC', finishedAt: null, progress: { __typename: 'JobProgress', secondsElapsed: 0 }, settings: { ...automatic, ...settings } },
    SettingsCardJob,
  );
  render(<SettingsCard job={job} />);
  return Object.fromEntries(screen.getAllByRole('term').map((term) => [term.textContent, term.nextElementSibling?.textContent ?? '']));
}

it('leaves out what stayed automatic', () => {
  expect(Object.keys(facts({}))).toEqual(['Problem', 'Judged by', 'Time budget', 'Time taken', 'Effort', 'Seed', 'Graphics card', 'Validation']);
});

it('says everything that was asked for', () => {
  expect(
    facts({
      validation: { __typename: 'ValidationSettings', kind: 'GROUP', folds: null, column: 'customer' },
      weightColumn: 'w',
      threshold: { __typename: 'ThresholdSetting', goal: 'RECALL', atLeast: 0.9 },
      monotone: [{ __typename: 'MonotoneColumn', column: 'area', direction: 'RISING' }],
      maxLatencyMilliseconds: 2.5,
      exclude: Array.from({ length: 22 }, (_, place) => `c${place}`),
      roles: [{ __typename: 'ColumnRoleSetting', column: 'rooms', role: 'CATEGORY' }],
    }),
  ).toMatchObject({
    Validation: 'whole groups of customer',
    'Weight of rows': 'w',
    'Decides for': 'recall of at least 90%',
    'The prediction only': 'rises with area',
    'Time for an answer': 'at most 2.5 ms',
    'Columns left out': expect.stringMatching(/^c0, .*c19 and 2 more$/),
    'Roles set by hand': 'rooms: category',
  });
});
