import { ApolloClient, ApolloLink, gql, Observable } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { makeCache } from '../../lib/apollo';
import { JobLive } from './JobLive';

const Stored = gql`
  query JobLiveTestStored {
    node(id: "j1") {
      __typename
      ... on Job {
        id
        state
        version
        settings {
          seed
        }
      }
    }
  }
`;

/** A client whose subscriptions are fed by hand. */
function handFed() {
  let next: (version: number, state: string) => void = () => undefined;
  const link = new ApolloLink(
    () =>
      new Observable((observer) => {
        next = (version, state) => observer.next({ data: { jobUpdated: snapshot(version, state) } });
      }),
  );
  const client = new ApolloClient({ cache: makeCache(), link });
  return { client, emit: (version: number, state: string) => act(async () => next(version, state)) };
}

function snapshot(version: number, state: string) {
  return {
    __typename: 'Job', id: 'j1', version, state, name: 'job', error: null, notes: [], problem: null, metric: null, higherIsBetter: null,
    createdAt: '2026-06-01T12:00:00Z', startedAt: null, finishedAt: null, steps: [], cost: null,
    settings: { __typename: 'JobSettings', budgetSeconds: 60, preset: 'QUICK', seed: 7, exclude: [], gpu: 'ALLOWED' },
    progress: {
      __typename: 'JobProgress', trialsFinished: version, trialsRunning: 0, trialsFailed: 0,
      bestScore: null, bestTrial: null, secondsElapsed: 1, secondsLeft: null,
    },
  };
}

afterEach(cleanup);

it('writes newer versions, drops late ones, and leaves the end to the query', async () => {
  const { client, emit } = handFed();
  client.writeQuery({
    query: Stored,
    data: { node: { __typename: 'Job', id: 'j1', state: 'QUEUED', version: 1, settings: { __typename: 'JobSettings', seed: 7 } } },
  });
  const onRefetch = vi.fn(async () => undefined);
  render(
    <ApolloProvider client={client}>
      <JobLive id="j1" onRefetch={onRefetch} />
    </ApolloProvider>,
  );
  const read = () => client.readQuery<{ node: unknown }>({ query: Stored })?.node;

  await emit(5, 'RUNNING');
  expect(read()).toMatchObject({ state: 'RUNNING', version: 5, settings: { seed: 7 } });
  await emit(4, 'QUEUED');
  expect(read()).toMatchObject({ state: 'RUNNING', version: 5 });
  expect(onRefetch).not.toHaveBeenCalled();
  await emit(6, 'COMPLETED');
  expect(onRefetch).toHaveBeenCalledOnce();
  expect(read()).toMatchObject({ state: 'RUNNING', version: 5 });
});
