import { useApolloClient, useSubscription } from '@apollo/client/react';
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

/** Follows a batch prediction; at its end the page asks for the report. Renders nothing. */
export function BatchLive({ id, onEnd }: { id: string; onEnd: () => void }) {
  const client = useApolloClient();
  useSubscription(BatchUpdated, {
    variables: { id },
    fetchPolicy: 'no-cache',
    onData: ({ data }) => {
      const batch = data.data?.batchPredictionUpdated;
      if (!batch) return;
      const { version } = readFragment(BatchVersion, batch);
      const cacheId = client.cache.identify({ __typename: 'BatchPrediction', id });
      const known = client.cache.readFragment<{ version: number }>({ id: cacheId, fragment: BatchVersion });
      if (known && known.version >= version) return;
      if (hasEnded(batch.state)) onEnd();
      else client.cache.modify({ id: cacheId, fields: { version: () => version, state: () => batch.state, progress: () => batch.progress } });
    },
    onComplete: onEnd,
  });
  return null;
}
