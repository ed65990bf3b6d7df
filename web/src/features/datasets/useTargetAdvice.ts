// What predicting each column of a table would mean. Apart from the page's own query: of a thousand columns both together would be too much.
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { graphql } from '../../gql';
import type { ProblemType } from '../../gql/graphql';
import { useCalm } from '../../lib/useCalm';

const TargetAdviceQuery = graphql(`
  query TargetAdvice($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        profile {
          columns {
            asTarget {
              usable
              problem
              reason
            }
          }
        }
      }
    }
  }
`);

export type Advice = { usable: boolean; problem: ProblemType | null; reason: string };

type TargetAdvice = { of: (column: string) => Advice | undefined; usable: ReadonlySet<string> | null; error: unknown; retry: () => void };

/** `columns` are those of the table, in its order; while there are none, nothing is asked. */
export function useTargetAdvice(datasetId: string, columns: readonly { name: string }[]): TargetAdvice {
  const { data, error, refetch } = useCalm(useQuery(TargetAdviceQuery, { variables: { id: datasetId }, skip: columns.length === 0 }));
  const byName = useMemo(() => {
    const advised = data?.node?.__typename === 'Dataset' ? data.node.profile?.columns : undefined;
    // Without names, by place: they would be a sixth of the answer.
    return advised ? new Map(advised.flatMap(({ asTarget }, place) => (columns[place] ? [[columns[place].name, asTarget]] : []))) : null;
  }, [data, columns]);
  const usable = useMemo(() => (byName ? new Set([...byName].filter(([, advice]) => advice.usable).map(([name]) => name)) : null), [byName]);
  return { of: (column) => byName?.get(column), usable, error, retry: () => void refetch() };
}
