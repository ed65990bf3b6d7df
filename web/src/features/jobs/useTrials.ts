import { useQuery, useSubscription } from '@apollo/client/react';
import { useEffect, useMemo, useState } from 'react';
import { graphql, readFragment } from '../../gql';
import type { UseTrials_TrialFragment } from '../../gql/graphql';

const TrialFields = graphql(`
  fragment UseTrials_trial on Trial {
    id
    number
    name
    learner
    state
    error
    version
    score
    rounds
    curve {
      round
      loss
    }
    startedAt
    finishedAt
  }
`);

const TrialsQuery = graphql(`
  query Trials($job: ID!, $after: String) {
    node(id: $job) {
      __typename
      ... on Job {
        id
        trials(first: 100, after: $after) {
          edges {
            node {
              ...UseTrials_trial
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

const TrialUpdated = graphql(`
  subscription TrialUpdated($job: ID!) {
    trialUpdated(jobId: $job) {
      ...UseTrials_trial
    }
  }
`);

export type LiveTrial = UseTrials_TrialFragment;

/** Of each trial the highest version, by number. */
export function newestTrials(...sources: readonly (readonly LiveTrial[])[]): LiveTrial[] {
  const newest = new Map<string, LiveTrial>();
  for (const source of sources) {
    for (const trial of source) {
      const known = newest.get(trial.id);
      if (!known || known.version < trial.version) newest.set(trial.id, trial);
    }
  }
  return [...newest.values()].sort((left, right) => left.number - right.number);
}

const NONE: readonly LiveTrial[] = [];

/** All trials of a job, kept up to date while it runs. */
export function useTrials(jobId: string | null, running: boolean): readonly LiveTrial[] {
  const [live, setLive] = useState<{ job: string | null; trials: readonly LiveTrial[] }>({ job: jobId, trials: NONE });

  const { error } = useSubscription(TrialUpdated, {
    variables: { job: jobId ?? '' },
    skip: jobId === null || !running,
    fetchPolicy: 'no-cache',
    onData: ({ data }) => {
      const masked = data.data?.trialUpdated;
      if (!masked) return;
      const trial = readFragment(TrialFields, masked);
      setLive((before) => ({ job: jobId, trials: newestTrials(before.job === jobId ? before.trials : NONE, [trial]) }));
    },
  });

  // Once when the page opens, again when the job has ended, and all the time where sockets are blocked.
  const { data, fetchMore, refetch } = useQuery(TrialsQuery, {
    variables: { job: jobId ?? '' },
    skip: jobId === null,
    fetchPolicy: 'cache-and-network',
    pollInterval: running && error ? 3000 : 0,
  });
  const connection = data?.node?.__typename === 'Job' ? data.node.trials : null;
  const next = connection?.pageInfo.hasNextPage ? connection.pageInfo.endCursor : null;
  useEffect(() => {
    if (next) void fetchMore({ variables: { after: next } });
  }, [next, fetchMore]);
  useEffect(() => {
    if (jobId !== null && !running) void refetch();
  }, [jobId, running, refetch]);

  return useMemo(() => {
    const stored = connection?.edges.map((edge) => readFragment(TrialFields, edge.node)) ?? NONE;
    return newestTrials(stored, live.job === jobId ? live.trials : NONE);
  }, [connection, live, jobId]);
}
