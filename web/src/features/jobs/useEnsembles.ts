import { useQuery } from '@apollo/client/react';
import { graphql } from '../../gql';
import type { Ensemble } from './board';

// The other rows are trials, of which there may be thousands; they come page by page.
const EnsemblesQuery = graphql(`
  query Ensembles($job: ID!) {
    node(id: $job) {
      __typename
      ... on Job {
        id
        leaderboard(kinds: [ENSEMBLE, ALTERNATIVE]) {
          kind
          name
          score
        }
      }
    }
  }
`);

/** The final model and its alternative, with their scores on the rows of the trials. */
export function useEnsembles(jobId: string, hasModel: boolean): readonly Ensemble[] {
  const { data } = useQuery(EnsemblesQuery, { variables: { job: jobId }, skip: !hasModel, fetchPolicy: 'cache-and-network' });
  if (!hasModel) return NONE;
  return data?.node?.__typename === 'Job' ? data.node.leaderboard : UNKNOWN;
}

const NONE: readonly Ensemble[] = [];
// Holds the place while its score is on the way, so that no row moves.
const UNKNOWN: readonly Ensemble[] = [{ kind: 'ENSEMBLE', name: 'Ensemble', score: null }];
