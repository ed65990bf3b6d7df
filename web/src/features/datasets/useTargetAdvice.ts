// What predicting each column of a table would mean. Apart from the page's own query: of a thousand columns both together would be too much.
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { graphql } from '../../gql';
import type { ProblemType } from '../../gql/graphql';

const TargetAdviceQuery = graphql(`
  query TargetAdvice($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        profile {
          columns {
            name
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

/** Asked once the table has been read. */
export function useTargetAdvice(datasetId: string, isReady: boolean): TargetAdvice {
  const { data, error, refetch } = useQuery(TargetAdviceQuery, { variables: { id: datasetId }, skip: !isReady });
  const byName = useMemo(() => {
    const columns = data?.node?.__typename === 'Dataset' ? data.node.profile?.columns : undefined;
    return columns ? new Map(columns.map((column) => [column.name, column.asTarget])) : null;
  }, [data]);
  const usable = useMemo(() => (byName ? new Set([...byName].filter(([, advice]) => advice.usable).map(([name]) => name)) : null), [byName]);
  return { of: (column) => byName?.get(column), usable, error, retry: () => void refetch() };
}
