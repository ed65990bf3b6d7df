import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { makeFragmentData } from '../../gql';
import type { AskedFacts_SettingsFragment } from '../../gql/graphql';
import { AskedFacts, AskedFactsSettings } from './AskedSettings';

afterEach(cleanup);

const automatic: AskedFacts_SettingsFragment = {
  __typename: 'JobSettings',
  roles: [],
  validation: { __typename: 'ValidationSettings', kind: 'AUTO', folds: null, column: null },
  weightColumn: null,
  threshold: null,
  monotone: [],
  maxLatencyMilliseconds: null,
};

/** What is said, by the names of the facts. */
function facts(settings: Partial<AskedFacts_SettingsFragment>): Record<string, string> {
  render(
    <dl>
      <AskedFacts settings={makeFragmentData({ ...automatic, ...settings }, AskedFactsSettings)} />
    </dl>,
  );
  return Object.fromEntries(screen.getAllByRole('term').map((term) => [term.textContent, term.nextElementSibling?.textContent ?? '']));
}

it('leaves out what stayed automatic', () => expect(facts({})).toEqual({ Validation: 'Automatic' }));

it('says everything that was asked for', () => {
  const roles = Array.from({ length: 22 }, (_, place) => ({ __typename: 'ColumnRoleSetting' as const, column: `c${place}`, role: 'CATEGORY' as const }));
  expect(
    facts({
      validation: { __typename: 'ValidationSettings', kind: 'GROUP', folds: null, column: 'customer' },
      weightColumn: 'w',
      threshold: { __typename: 'ThresholdSetting', goal: 'RECALL', atLeast: 0.9 },
      monotone: [{ __typename: 'MonotoneColumn', column: 'area', direction: 'RISING' }],
      maxLatencyMilliseconds: 2.5,
      roles,
    }),
  ).toEqual({
    Validation: 'Whole groups of customer',
    'Weight of rows': 'w',
    'Decides for': 'Recall of at least 90%',
    'The prediction only': 'Rises with area',
    'Time for an answer': 'At most 2.5 ms',
    'Roles set by hand': expect.stringMatching(/^c0: category, .*c19: category and 2 more$/),
  });
});
