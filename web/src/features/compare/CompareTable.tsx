import type { ReactNode } from 'react';

export type CompareRow = { key: string; name: ReactNode; /** One a column; null: nothing to tell. */ cells: readonly (ReactNode | null)[]; /** Which are the best there are. */ best?: readonly boolean[] };

type CompareTableProps = { label: string; /** Of the columns, told in each of them. */ columns: readonly { key: string; head: ReactNode }[]; rows: readonly CompareRow[] };

const NAME_REM = 11;
const COLUMN_REM = 9;

/** Jobs side by side. It scrolls sideways by itself on small screens; the names of the rows stay. */
export function CompareTable({ label, columns, rows }: CompareTableProps) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable with the keyboard
    <div role="region" aria-label={label} tabIndex={0} className="relative -mx-4 overflow-x-auto px-4 sm:-mx-6 sm:px-6">
      {/* Equal columns, so that the tables of a page line up. */}
      <table className="w-full table-fixed border-separate border-spacing-0" style={{ minWidth: `${NAME_REM + columns.length * COLUMN_REM}rem` }}>
        <thead>
          <tr>
            <td className="sticky left-0 w-44 border-b border-line bg-panel" />
            {columns.map((column) => (
              <th key={column.key} scope="col" className="border-b border-line px-3 pb-2 text-left align-bottom font-medium break-words">
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="sticky left-0 border-b border-line bg-panel py-2 pr-3 text-left align-top font-normal break-words">
                {row.name}
              </th>
              {columns.map((column, place) => (
                <td key={column.key} className={`tabular border-b border-line px-3 py-2 align-top break-words ${row.best?.[place] ? 'font-semibold text-good' : ''}`}>
                  {row.cells[place] ?? <span className="text-muted">–</span>}
                  {row.best?.[place] ? <span className="sr-only"> (best)</span> : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
