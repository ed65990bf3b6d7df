// Histograms, frequent values and the like: of narrow tables for all columns at once, of wide ones for those that are looked at.
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { graphql } from '../../gql';
import type { ColumnDetailsQuery } from '../../gql/graphql';
import { useCalm } from '../../lib/useCalm';

const ColumnDetails = graphql(`
  query ColumnDetails($id: ID!, $names: [String!]) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        profile {
          columns(names: $names) {
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

type Details = {
  /** Undefined while they are on their way, and where nobody asked for them. */
  of: (column: string) => DetailedColumn | undefined;
  error: unknown;
  retry: () => void;
};

/** An answer about more columns than this is too large to be waited for. */
export const ALL_AT_ONCE = 40;

/** Of the columns of these names, or of all for null. */
export function useColumnDetails(datasetId: string, names: readonly string[] | null, isWanted: boolean): Details {
  const { data, error, refetch } = useCalm(useQuery(ColumnDetails, { variables: { id: datasetId, names: names && [...names] }, skip: !isWanted }));
  const byName = useMemo(() => {
    const found = data?.node?.__typename === 'Dataset' ? (data.node.profile?.columns ?? []) : [];
    return new Map(found.map((column) => [column.name, column]));
  }, [data]);
  return { of: (column) => byName.get(column), error, retry: () => void refetch() };
}
