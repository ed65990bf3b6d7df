import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount } from '../../lib/format';
import { Card } from '../../ui/Card';

const PreviewTableProfile = graphql(`
  fragment PreviewTable_profile on DatasetProfile {
    preview
    columns {
      name
    }
  }
`);

// Beyond this many columns a preview is no longer read, and the browser slows down.
const MOST_COLUMNS = 60;

/** The first rows as they stand in the file. */
export function PreviewTable({ profile }: { profile: FragmentType<typeof PreviewTableProfile> }) {
  const { preview, columns } = readFragment(PreviewTableProfile, profile);
  const shown = columns.slice(0, MOST_COLUMNS);
  if (preview.length === 0) return null;
  return (
    <Card
      title="First rows"
      note={columns.length > shown.length ? `The first ${shown.length} of ${formatCount(columns.length)} columns.` : undefined}
    >
      {/* Scrolls sideways by itself; in the tab order so that the arrow keys reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="region" aria-label="First rows of the table" tabIndex={0} className="-mx-4 max-h-96 overflow-auto px-4 sm:-mx-6 sm:px-6">
        <table className="min-w-full text-left text-xs">
          <thead>
            <tr>
              {shown.map((column) => (
                <th key={column.name} scope="col" className="sticky top-0 bg-panel py-2 pr-4 font-medium whitespace-nowrap">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.map((row, index) => (
              <tr key={index} className="border-t border-line">
                {shown.map((column, place) => (
                  <td key={column.name} className="tabular max-w-64 truncate py-1.5 pr-4 whitespace-nowrap">
                    {row[place] || <span className="text-muted">–</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
