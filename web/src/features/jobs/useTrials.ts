import { useQuery, useSubscription } from '@apollo/client/react';
import { useEffect, useMemo, useState } from 'react';
import { graphql, readFragment } from '../../gql';
import type { TrialOrder, UseTrials_LiveFragment, UseTrials_TrialFragment } from '../../gql/graphql';

// Without the curves: a hundred of them are more than a page should wait for, and only those of running trials are drawn.
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
    scoreSd
    fitSeconds
    startedAt
    finishedAt
  }
`);

const LiveFields = graphql(`
  fragment UseTrials_live on Trial {
    id
    number
    name
    learner
    state
    error
    version
    score
    scoreSd
    fitSeconds
    startedAt
    finishedAt
    curve {
      round
      loss
    }
  }
`);

const TrialsQuery = graphql(`
  query Trials($job: ID!, $after: String, $orderBy: TrialOrder) {
    node(id: $job) {
      __typename
      ... on Job {
        id
        trials(first: 100, after: $after, orderBy: $orderBy) {
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

const RunningTrialsQuery = graphql(`
  query RunningTrials($job: ID!, $filter: TrialFilter) {
    node(id: $job) {
      __typename
      ... on Job {
        id
        trials(first: 8, filter: $filter) {
          edges {
            node {
              ...UseTrials_live
            }
          }
        }
      }
    }
  }
`);

const TrialUpdated = graphql(`
  subscription TrialUpdated($job: ID!) {
    trialUpdated(jobId: $job) {
      ...UseTrials_live
    }
  }
`);

/** A trial; with its curve where it was seen running. */
export type LiveTrial = Omit<UseTrials_TrialFragment, ' $fragmentName'> & Partial<Pick<UseTrials_LiveFragment, 'curve'>>;

/** Of each trial the highest version, by number; of the same version the one that comes first. */
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

/** The best come first, so that the top of the leaderboard is there with the first page; before there is a metric, by number. */
function orderOf(higherIsBetter: boolean | null): TrialOrder | null {
  return higherIsBetter === null ? null : { field: 'SCORE', direction: higherIsBetter ? 'DESC' : 'ASC' };
}

type Watched = {
  running: boolean;
  /** Null while it is not known. */
  higherIsBetter: boolean | null;
  /** How many have ended, as the job tells it. */
  ended: number;
};

/** All trials of a job, kept up to date while it runs. */
export function useTrials(jobId: string | null, { running, higherIsBetter, ended }: Watched): readonly LiveTrial[] {
  // What was seen stays while pages are asked for again, so that no list folds up meanwhile. A job that runs again may begin anew.
  const run = `${jobId} ${running}`;
  const [seen, setSeen] = useState<{ run: string; trials: readonly LiveTrial[] }>({ run, trials: NONE });
  const [live, setLive] = useState<{ job: string | null; trials: readonly LiveTrial[] }>({ job: jobId, trials: NONE });

  const { error } = useSubscription(TrialUpdated, {
    variables: { job: jobId ?? '' },
    skip: jobId === null || !running,
    fetchPolicy: 'no-cache',
    onData: ({ data }) => {
      const masked = data.data?.trialUpdated;
      if (!masked) return;
      const trial = readFragment(LiveFields, masked);
      setLive((before) => ({ job: jobId, trials: newestTrials(before.job === jobId ? before.trials : NONE, [trial]) }));
    },
  });

  // Once when the page opens, again when the job has ended, and all the time where sockets are blocked.
  const { data, fetchMore, refetch } = useQuery(TrialsQuery, {
    variables: { job: jobId ?? '', orderBy: orderOf(higherIsBetter) },
    skip: jobId === null,
    fetchPolicy: 'cache-and-network',
    pollInterval: running && error ? 3000 : 0,
  });
  // The curves of those that run already; later ones come with their events.
  const { data: begun } = useQuery(RunningTrialsQuery, {
    variables: { job: jobId ?? '', filter: { state: ['RUNNING'] } },
    skip: jobId === null || !running,
    fetchPolicy: 'no-cache',
  });
  const connection = data?.node?.__typename === 'Job' ? data.node.trials : null;
  const next = connection?.pageInfo.hasNextPage ? connection.pageInfo.endCursor : null;
  useEffect(() => {
    if (next) void fetchMore({ variables: { after: next } });
  }, [next, fetchMore]);
  useEffect(() => {
    if (jobId !== null && !running) void refetch();
  }, [jobId, running, refetch]);

  const stored = useMemo(() => connection?.edges.map((edge) => readFragment(TrialFields, edge.node)) ?? NONE, [connection]);
  const [merged, setMerged] = useState(NONE);
  if (stored !== merged) {
    setMerged(stored);
    setSeen({ run, trials: newestTrials(stored, keptOf(seen, run, jobId)) });
  }

  const trials = useMemo(() => {
    const curves: readonly LiveTrial[] = begun?.node?.__typename === 'Job' ? (begun.node.trials?.edges ?? []).map((edge) => readFragment(LiveFields, edge.node)) : NONE;
    return newestTrials(live.job === jobId ? live.trials : NONE, curves, seen.trials);
  }, [begun, live, seen, jobId]);

  // A socket that is held open and passes nothing is found by what the job tells.
  const known = trials.reduce((count, { state }) => count + Number(state === 'COMPLETED' || state === 'FAILED'), 0);
  useEffect(() => {
    if (jobId === null || known >= ended) return;
    const timer = setTimeout(() => void refetch(), MISSED_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [jobId, known, ended, refetch]);
  return trials;
}

/** So long an event may come after the job's own. */
const MISSED_MILLISECONDS = 3000;

/** What was seen in the same run, or in the one that has just ended. */
function keptOf(seen: { run: string; trials: readonly LiveTrial[] }, run: string, jobId: string | null): readonly LiveTrial[] {
  return seen.run === run || (seen.run === `${jobId} true` && run === `${jobId} false`) ? seen.trials : NONE;
}
