import { ApolloClient, ApolloLink, Observable } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { makeCache } from '../../lib/apollo';
import { ColumnChoices } from './ColumnChoices';
import type { FormColumn } from './jobChecks';
import { emptyDraft, type JobDraft } from './jobDraft';

afterEach(cleanup);

const columns: FormColumn[] = Array.from({ length: 200 }, (_, place) => ({
  name: `${place < 120 ? 'sensor' : 'price'} ${place}`,
  role: 'NUMBER',
  valueKind: 'NUMERIC',
  missing: 0,
  distinct: 9,
}));

function show(part: Partial<JobDraft> = {}) {
  const asked = columns.map(({ name }) => ({ __typename: 'ColumnProfile', name, evidence: `About ${name}.` }));
  const link = new ApolloLink(
    () =>
      new Observable((observer) => {
        observer.next({ data: { __typename: 'Query', node: { __typename: 'Dataset', id: 'd1', profile: { __typename: 'DatasetProfile', columns: asked } } } });
        observer.complete();
      }),
  );
  const drafts: JobDraft[] = [];
  function Form() {
    const [draft, setDraft] = useState<JobDraft>({ ...emptyDraft(10), ...part });
    drafts.push(draft);
    return <ColumnChoices datasetId="d1" columns={columns} draft={draft} refusals={{}} onChange={(changed) => setDraft((before) => ({ ...before, ...changed }))} />;
  }
  render(
    <ApolloProvider client={new ApolloClient({ cache: makeCache(), link })}>
      <Form />
    </ApolloProvider>,
  );
  return () => drafts.at(-1);
}

it('leaves out and takes in all that are found, also those that are not drawn', async () => {
  const draft = show({ exclude: ['price 150'] });
  expect(screen.getAllByRole('checkbox')).toHaveLength(50);
  await userEvent.type(screen.getByRole('searchbox', { name: 'Find a column' }), 'Sensor');
  await userEvent.click(screen.getByRole('button', { name: 'Leave out the 120 found' }));
  expect(draft()?.exclude).toHaveLength(121);
  expect(screen.getByRole('status').textContent).toMatch(/^79 of 200 columns are learned from; you left out 121; 120 have “Sensor”/);
  expect(screen.getByRole('button', { name: 'Leave out the 120 found' })).toHaveProperty('disabled', true);
  await userEvent.click(screen.getByRole('button', { name: 'Take in the 120 found' }));
  expect(draft()?.exclude).toEqual(['price 150']);
});

it('gives a role, and takes it back with the one that was found', async () => {
  const draft = show();
  await screen.findByText('About sensor 0.');
  const role = screen.getByRole('combobox', { name: 'Use sensor 0 as' });
  await userEvent.selectOptions(role, 'CATEGORY');
  expect(draft()?.roles).toEqual({ 'sensor 0': 'CATEGORY' });
  await userEvent.selectOptions(role, 'NUMBER');
  expect(draft()?.roles).toEqual({});
});

it('says why a column is no feature', async () => {
  show({ weightColumn: 'sensor 1' });
  await screen.findByText('About sensor 0.');
  screen.getByText('Says how much a row counts, and is no feature.');
});
