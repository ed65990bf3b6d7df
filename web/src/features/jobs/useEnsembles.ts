import { useQuery } from '@apollo/client/react';
import { graphql } from '../../gql';
import type { Ensemble } from './board';

const EnsemblesQuery = graphql(`
  query Ensembles($job: ID!) {
    node(id: $job) {
      __typename
      ... on Job {
        id
        leaderboard {
          kind
          name
          score
        }
      }
    }
  }
`);

/** The answer has a row for each trial as well: above so many it would be more than 200 KB. */
const MOST_ROWS = 1500;

/** The final model and its alternative, with their scores on the rows of the trials; of very long searches without. */
export function useEnsembles(jobId: string, hasModel: boolean, trials: number): readonly Ensemble[] {
  const few = trials <= MOST_ROWS;
  const { data } = useQuery(EnsemblesQuery, { variables: { job: jobId }, skip: !hasModel || !few, fetchPolicy: 'cache-and-network' });
  if (!hasModel) return NONE;
  if (!few) return UNKNOWN;
  const rows = data?.node?.__typename === 'Job' ? data.node.leaderboard : [];
  return rows.filter((row) => row.kind === 'ENSEMBLE' || row.kind === 'ALTERNATIVE');
}

const NONE: readonly Ensemble[] = [];
const UNKNOWN: readonly Ensemble[] = [{ kind: 'ENSEMBLE', name: 'Ensemble', score: null }];
