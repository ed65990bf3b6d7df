import { useApolloClient, useSubscription } from '@apollo/client/react';
import { useEffect } from 'react';
import { graphql, readFragment, type DocumentType } from '../../gql';
import { isTerminal } from '../../lib/words';

const JobVersion = graphql(`
  fragment JobLive_version on Job {
    id
    version
    state
  }
`);

const JobSnapshot = graphql(`
  fragment JobLive_job on Job {
    ...JobLive_version
    error
    notes
    ...JobActions_job
    ...StepTimeline_job
    ...JobProgressCard_job
    ...BestSoFar_job
    ...Leaderboard_job
    ...SettingsCard_job
    ...ExtendJob_job
    ...CloneJob_job
    ...JobLog_job
  }
`);

const JobUpdated = graphql(`
  subscription JobUpdated($id: ID!) {
    jobUpdated(id: $id) {
      ...JobLive_job
    }
  }
`);

type JobLiveProps = { id: string; onRefetch: () => Promise<unknown> };

/**
 * Follows a job: writes each newer version into the cache; a late event never overwrites a newer one.
 * At the end the page's own query brings the model. Where sockets are blocked it asks every two seconds. Renders nothing.
 */
export function JobLive({ id, onRefetch }: JobLiveProps) {
  const client = useApolloClient();
  const { error } = useSubscription(JobUpdated, {
    variables: { id },
    fetchPolicy: 'no-cache',
    onData: ({ data }) => {
      const masked = data.data?.jobUpdated;
      if (!masked) return;
      const job = readFragment(JobVersion, readFragment(JobSnapshot, masked));
      const cacheId = client.cache.identify({ __typename: 'Job', id: job.id });
      const known = client.cache.readFragment<{ version: number }>({ id: cacheId, fragment: JobVersion });
      if (known && known.version >= job.version) return;
      // The state is written last, by the query: results and state then change in one step.
      if (isTerminal(job.state)) void onRefetch();
      else client.cache.writeFragment({ id: cacheId, fragment: JobSnapshot, fragmentName: 'JobLive_job', data: masked as DocumentType<typeof JobSnapshot> });
    },
    onComplete: () => void onRefetch(),
  });
  useEffect(() => {
    // Also without an error a rare question is asked: a proxy may hold a socket open and pass nothing.
    const timer = setInterval(() => void onRefetch(), error ? 2000 : 15_000);
    return () => clearInterval(timer);
  }, [error, onRefetch]);
  return null;
}
