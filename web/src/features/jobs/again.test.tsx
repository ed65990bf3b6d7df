import { ApolloClient, ApolloLink, Observable } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { makeFragmentData } from '../../gql';
import { makeCache } from '../../lib/apollo';
import { CloneJob, CloneJobJob } from './CloneJob';
import { ExtendJob, ExtendJobJob } from './ExtendJob';
import { RetryJob } from './RetryJob';

const navigate = vi.fn(async () => undefined);
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => navigate }));

// jsdom has the element, but not its methods.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});
afterEach(cleanup);

type Sent = { name: string | undefined; input: Record<string, unknown> };

/** Renders with a server that answers every mutation with `job`, or with a user error; gives what it was sent. */
function show(children: ReactNode, field: string, job: object | null) {
  const sent: Sent[] = [];
  const link = new ApolloLink((operation) => {
    sent.push({ name: operation.operationName, input: operation.variables.input as Record<string, unknown> });
    const userErrors = job === null ? [{ __typename: 'UserError', message: 'The queue is full.', field: null }] : [];
    return new Observable((observer) => {
      observer.next({ data: { [field]: { __typename: 'Payload', job, userErrors } } });
      observer.complete();
    });
  });
  const client = new ApolloClient({ cache: makeCache(), link });
  render(<ApolloProvider client={client}>{children}</ApolloProvider>);
  return sent;
}

const settings = { __typename: 'JobSettings' as const, budgetSeconds: 60, preset: 'QUICK' as const, seed: 7 };
const progress = { __typename: 'JobProgress' as const, secondsElapsed: 40 };
const extended = makeFragmentData({ __typename: 'Job' as const, id: 'j1', state: 'COMPLETED' as const, version: 3, settings, progress }, ExtendJobJob);
const cloned = makeFragmentData({ __typename: 'Job' as const, id: 'j1', problem: 'BINARY' as const, metric: 'ROC_AUC' as const, settings }, CloneJobJob);

it('adds the chosen time and says what stays', async () => {
  const sent = show(<ExtendJob job={extended} hasModel />, 'extendJob', null);
  await userEvent.click(screen.getByRole('button', { name: 'Give more time' }));
  await userEvent.selectOptions(screen.getByLabelText('More time'), '60');
  expect(screen.getByText(/Its budget is then 2 min; about 1 min 20 s/)).toBeTruthy();
  expect(screen.getByText(/stays/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Search on' }));
  await screen.findByText('The queue is full.');
  // Sent again, it is the same request.
  await userEvent.click(screen.getByRole('button', { name: 'Search on' }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[0]?.input).toMatchObject({ id: 'j1', budgetSeconds: 60, idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(sent[1]).toEqual(sent[0]);
});

it('offers no time beyond a day', async () => {
  const long = makeFragmentData({ __typename: 'Job' as const, id: 'j1', state: 'COMPLETED' as const, version: 3, settings: { ...settings, budgetSeconds: 86_380 }, progress }, ExtendJobJob);
  show(<ExtendJob job={long} hasModel={false} />, 'extendJob', null);
  expect(screen.getByRole('button', { name: 'Give more time' })).toHaveProperty('disabled', true);
});

it('clones with what was changed only, and goes to the new job', async () => {
  const job = { __typename: 'Job', id: 'j2', name: 'copy', state: 'QUEUED', version: 1 };
  const sent = show(<CloneJob job={cloned} />, 'cloneJob', job);
  await userEvent.click(screen.getByRole('button', { name: 'Clone' }));
  await userEvent.selectOptions(screen.getByLabelText('Effort'), 'BEST');
  await userEvent.clear(screen.getByLabelText('Seed'));
  await userEvent.type(screen.getByLabelText('Seed'), 'x');
  expect(screen.getByRole('button', { name: 'Start the new job' })).toHaveProperty('disabled', true);
  await userEvent.clear(screen.getByLabelText('Seed'));
  await userEvent.type(screen.getByLabelText('Seed'), '8');
  await userEvent.click(screen.getByRole('button', { name: 'Start the new job' }));
  await waitFor(() => expect(navigate).toHaveBeenCalledWith({ to: '/jobs/$jobId', params: { jobId: 'j2' } }));
  expect(sent[0]?.input).toMatchObject({ id: 'j1', changes: { budgetSeconds: 60, preset: 'BEST', seed: 8 } });
  expect(sent[0]?.input.changes).not.toHaveProperty('metric');
});

it('tries again, and shows why it cannot', async () => {
  const sent = show(<RetryJob id="j1" />, 'retryJob', null);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('The queue is full.');
  expect(sent[0]?.input).toMatchObject({ id: 'j1' });
});
