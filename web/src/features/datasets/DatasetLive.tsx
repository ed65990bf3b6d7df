import { useSubscription } from '@apollo/client/react';
import { useEffect } from 'react';
import { graphql } from '../../gql';

const DatasetUpdated = graphql(`
  subscription DatasetUpdated($id: ID!) {
    datasetUpdated(id: $id) {
      id
      state
      error
      version
    }
  }
`);

/** Follows a dataset until it is ready. Renders nothing. Where sockets are blocked it asks every two seconds. */
export function DatasetLive({ id, onChange }: { id: string; onChange: () => void }) {
  const { error } = useSubscription(DatasetUpdated, {
    variables: { id },
    fetchPolicy: 'no-cache',
    onData: ({ data }) => {
      // The page's own query brings the profile together with the new state.
      const state = data.data?.datasetUpdated?.state;
      if (state === 'READY' || state === 'FAILED') onChange();
    },
  });
  useEffect(() => {
    const timer = setInterval(onChange, error ? 2000 : 10_000);
    return () => clearInterval(timer);
  }, [error, onChange]);
  return null;
}
