import { useId, useState } from 'react';
import type { ColumnRole } from '../../gql/graphql';
import { formatCount } from '../../lib/format';
import { ROLES, wordsOf } from '../../lib/words';
import { Button } from '../../ui/Button';

type ColumnChoicesProps = {
  columns: readonly { name: string; role: ColumnRole; evidence: string }[];
  exclude: readonly string[];
  roles: Readonly<Record<string, ColumnRole>>;
  onExclude: (exclude: readonly string[]) => void;
  onRoles: (roles: Readonly<Record<string, ColumnRole>>) => void;
};

/** The roles that a person may give; the others are found, not chosen. */
const CHOOSABLE: readonly ColumnRole[] = ['NUMBER', 'CATEGORY', 'DATE', 'TEXT'];
const PAGE = 50;

/** Which columns the model may learn from, and as what. */
export function ColumnChoices({ columns, exclude, roles, onExclude, onRoles }: ColumnChoicesProps) {
  const [limit, setLimit] = useState(PAGE);
  const id = useId();

  const setRole = (column: string, found: ColumnRole, role: ColumnRole) => {
    const rest = Object.fromEntries(Object.entries(roles).filter(([name]) => name !== column));
    onRoles(role === found ? rest : { ...rest, [column]: role });
  };
  const setUsed = (column: string, isUsed: boolean) => {
    const rest = exclude.filter((name) => name !== column);
    onExclude(isUsed ? rest : [...rest, column]);
  };

  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">Columns to learn from</legend>
      <p className="mt-1 text-muted">
        Leave out what is not known at the time of a prediction. A column that follows from the answer makes a model look better than it is.
      </p>
      <ul className="mt-3 divide-y divide-line">
        {columns.slice(0, limit).map((column) => {
          const role = roles[column.name] ?? column.role;
          const isUsed = !exclude.includes(column.name);
          return (
            <li key={column.name} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2">
              <input
                id={`${id}-${column.name}`}
                type="checkbox"
                className="size-4 shrink-0 accent-(--accent)"
                checked={isUsed}
                onChange={(event) => setUsed(column.name, event.target.checked)}
              />
              <label htmlFor={`${id}-${column.name}`} className="min-w-0 flex-1 basis-48">
                <span className={`break-all ${isUsed ? 'font-medium' : 'text-muted line-through'}`}>{column.name}</span>
                <span className="block text-xs text-muted">{column.evidence}</span>
              </label>
              <select
                aria-label={`Use ${column.name} as`}
                disabled={!isUsed}
                value={role}
                onChange={(event) => setRole(column.name, column.role, event.target.value as ColumnRole)}
                className="min-h-9 rounded-lg border border-edge bg-panel px-2 text-xs disabled:opacity-50"
              >
                {CHOOSABLE.includes(column.role) ? null : <option value={column.role}>{wordsOf(ROLES, column.role).name} (left out)</option>}
                {CHOOSABLE.map((one) => (
                  <option key={one} value={one}>
                    {ROLES[one].name}
                    {one === column.role ? ' (found)' : ''}
                  </option>
                ))}
              </select>
            </li>
          );
        })}
      </ul>
      {columns.length > limit ? (
        <div className="mt-3">
          <Button size="small" onClick={() => setLimit(limit + PAGE)}>
            Show more of {formatCount(columns.length)} columns
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}
