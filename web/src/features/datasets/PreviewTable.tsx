import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { graphql } from '../../gql';
import { formatCount } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { FailureCallout } from '../../ui/FailureCallout';
import { Loading } from '../../ui/Loading';
import { ALL_AT_ONCE } from './useColumnDetails';

const DatasetPreview = graphql(`
  query DatasetPreview($id: ID!, $columns: [String!]!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        profile {
          preview(columns: $columns)
        }
      }
    }
  }
`);

// Beyond this many columns a preview is no longer read, and the browser slows down.
const MOST_COLUMNS = 60;

/** The first rows as they stand in the file. Of wide tables they are shown when asked for: there is much of them. */
export function PreviewTable({ datasetId, columns }: { datasetId: string; columns: readonly string[] }) {
  const isWide = columns.length > ALL_AT_ONCE;
  const [isWanted, setWanted] = useState(false);
  const shown = columns.slice(0, MOST_COLUMNS);
  const { data, error, refetch } = useQuery(DatasetPreview, { variables: { id: datasetId, columns: shown }, skip: isWide && !isWanted });
  const preview = data?.node?.__typename === 'Dataset' ? (data.node.profile?.preview ?? []) : null;
  if (preview?.length === 0) return null;
  return (
    <Card
      title="First rows"
      note={columns.length > shown.length ? `The first ${shown.length} of ${formatCount(columns.length)} columns.` : undefined}
      actions={isWide && !isWanted ? <Button onClick={() => setWanted(true)}>Show them</Button> : undefined}
    >
      {error ? <FailureCallout title="The first rows could not be loaded" error={error} onRetry={() => void refetch()} /> : null}
      {preview === null && !error && (isWanted || !isWide) ? (
        <div className="h-96">
          <Loading label="Loading the first rows" lines={8} />
        </div>
      ) : null}
      {preview !== null ? <Rows columns={shown} rows={preview} /> : null}
    </Card>
  );
}

function Rows({ columns, rows }: { columns: readonly string[]; rows: readonly (readonly (string | null)[])[] }) {
  return (
    // Scrolls sideways by itself; in the tab order so that the arrow keys reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="region" aria-label="First rows of the table" tabIndex={0} className="-mx-4 max-h-96 overflow-auto px-4 sm:-mx-6 sm:px-6">
      <table className="min-w-full text-left text-xs">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="sticky top-0 bg-panel py-2 pr-4 font-medium whitespace-nowrap">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} className="border-t border-line">
              {columns.map((column, place) => (
                <td key={column} className="tabular max-w-64 truncate py-1.5 pr-4 whitespace-nowrap">
                  {row[place] || <span className="text-muted">–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
