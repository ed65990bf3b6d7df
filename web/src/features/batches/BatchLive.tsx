import { useApolloClient, useSubscription } from '@apollo/client/react';
import { useEffect } from 'react';
import { graphql, readFragment } from '../../gql';
import { hasEnded } from './words';

const BatchVersion = graphql(`
  fragment BatchLive_version on BatchPrediction {
    id
    version
  }
`);

const BatchUpdated = graphql(`
  subscription BatchUpdated($id: ID!) {
    batchPredictionUpdated(id: $id) {
      ...BatchLive_version
      id
      state
      error
      progress {
        rowsDone
        rowsInError
        share
      }
    }
  }
`);

type BatchLiveProps = { id: string; onRefetch: () => void };

/** Follows a batch prediction; at its end, and now and then where sockets are blocked, the page asks. Renders nothing. */
export function BatchLive({ id, onRefetch }: BatchLiveProps) {
  const client = useApolloClient();
  const { error } = useSubscription(BatchUpdated, {
    variables: { id },
    fetchPolicy: 'no-cache',
    onData: ({ data }) => {
      const batch = data.data?.batchPredictionUpdated;
      if (!batch) return;
      const { version } = readFragment(BatchVersion, batch);
      const cacheId = client.cache.identify({ __typename: 'BatchPrediction', id });
      const known = client.cache.readFragment<{ version: number }>({ id: cacheId, fragment: BatchVersion });
      if (known && known.version >= version) return;
      if (hasEnded(batch.state)) onRefetch();
      else client.cache.modify({ id: cacheId, fields: { version: () => version, state: () => batch.state, progress: () => batch.progress } });
    },
    onComplete: onRefetch,
  });
  useEffect(() => {
    const timer = setInterval(onRefetch, error ? 2000 : 15_000);
    return () => clearInterval(timer);
  }, [error, onRefetch]);
  return null;
}
