// Histograms, frequent values and the like of all columns: for narrow tables at once, for wide ones when the first is wanted.
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { graphql } from '../../gql';
import type { ColumnDetailsQuery } from '../../gql/graphql';

const ColumnDetails = graphql(`
  query ColumnDetails($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        profile {
          columns {
            name
            evidence
            distinct
            mean
            median
            ...ColumnSummary_column
            ...ColumnPanel_column
            ...TargetValues_column
          }
        }
      }
    }
  }
`);

type DatasetNode = Extract<NonNullable<ColumnDetailsQuery['node']>, { __typename: 'Dataset' }>;
export type DetailedColumn = NonNullable<DatasetNode['profile']>['columns'][number];

export type Details = {
  /** Undefined while they are on their way, and where nobody asked for them. */
  of: (column: string) => DetailedColumn | undefined;
  error: unknown;
  retry: () => void;
};

/** An answer about more columns than this is too large to be waited for. */
export const ALL_AT_ONCE = 40;

export function useColumnDetails(datasetId: string, columns: number, isWanted: boolean): Details {
  const isWide = columns > ALL_AT_ONCE;
  const { data, error, refetch } = useQuery(ColumnDetails, {
    variables: { id: datasetId },
    skip: columns === 0 || (isWide && !isWanted),
    // Tens of thousands of bars are looked at, not merged with anything.
    fetchPolicy: isWide ? 'no-cache' : 'cache-first',
  });
  const byName = useMemo(() => {
    const found = data?.node?.__typename === 'Dataset' ? (data.node.profile?.columns ?? []) : [];
    return new Map(found.map((column) => [column.name, column]));
  }, [data]);
  return { of: (column) => byName.get(column), error, retry: () => void refetch() };
}
