import { useCallback, useDeferredValue, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { ColumnRole } from '../../gql/graphql';
import { formatCount, formatCounted } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { FailureCallout } from '../../ui/FailureCallout';
import { SelectInput, TextInput } from '../../ui/Field';
import { filterColumns, roleOf, WHICH, type Which } from './columnFilter';
import { ColumnRow } from './ColumnRow';
import { withRole, type Found, type Overrides } from './overrides';
import { ALL_AT_ONCE, useColumnDetails } from './useColumnDetails';

const ColumnTableProfile = graphql(`
  fragment ColumnTable_profile on DatasetProfile {
    rows
    columns {
      name
      role
      valueKind
      missing
      warnings
    }
  }
`);

const PAGE = 40;

type ColumnTableProps = {
  datasetId: string;
  profile: FragmentType<typeof ColumnTableProfile>;
  target: string | null;
  /** Columns that can be predicted; null while that is not known. */
  targets: ReadonlySet<string> | null;
  overrides: Overrides;
  onOverrides: (overrides: Overrides) => void;
  onChoose: (column: string) => void;
};

/** Every column with its role, its warnings and its values. Drawn a page at a time: tables may have thousands. */
export function ColumnTable({ datasetId, profile, target, targets, overrides, onOverrides, onChoose }: ColumnTableProps) {
  const { rows, columns } = readFragment(ColumnTableProfile, profile);
  const isWide = columns.length > ALL_AT_ONCE;
  const details = useColumnDetails(datasetId, null, !isWide);
  const [search, setSearch] = useState('');
  const [which, setWhich] = useState<Which>('ALL');
  const [limit, setLimit] = useState(PAGE);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const wanted = useDeferredValue(search);
  const found = filterColumns(columns, wanted, which, overrides);
  const isFiltered = wanted.trim() !== '' || which !== 'ALL';

  const open = useCallback((column: string, isOpen: boolean) => {
    setOpened((before) => {
      const after = new Set(before);
      if (isOpen) after.add(column);
      else after.delete(column);
      return after;
    });
  }, []);
  const setRole = useCallback((column: Found, role: ColumnRole) => onOverrides(withRole(overrides, column, role)), [overrides, onOverrides]);

  return (
    <Card title="Columns" note="What each column was taken for. What you know better you can change here; it holds for the jobs that you start from this page.">
      {columns.length > 12 ? (
        <div className="mb-5 space-y-3">
          <div className="grid gap-3 sm:grid-cols-2 lg:max-w-2xl">
            <TextInput
              label="Find a column"
              type="search"
              value={search}
              onChange={(event) => {
                setSearch(event.target.value);
                setLimit(PAGE);
              }}
            />
            <SelectInput label="Show" value={which} onChange={(event) => setWhich(event.target.value as Which)}>
              {Object.entries(WHICH).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </SelectInput>
          </div>
          <p className="text-xs text-muted" role="status">
            {isFiltered ? `${formatCount(found.length)} of ${formatCounted(columns.length, 'column')}` : formatCounted(columns.length, 'column')}
          </p>
        </div>
      ) : null}
      {details.error ? (
        <div className="mb-4">
          <FailureCallout title="The values of the columns could not be loaded" error={details.error} onRetry={details.retry} />
        </div>
      ) : null}
      {found.length === 0 ? <p className="text-muted">No column is like that.</p> : null}
      <ul className="divide-y divide-line">
        {found.slice(0, limit).map((column) => (
          <ColumnRow
            key={column.name}
            datasetId={datasetId}
            column={column}
            rows={rows}
            role={roleOf(column, overrides)}
            isTarget={column.name === target}
            canBeTarget={targets?.has(column.name) ?? false}
            isWide={isWide}
            details={details.of(column.name)}
            isOpen={opened.has(column.name)}
            onOpen={open}
            onRole={setRole}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {found.length > limit ? (
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <Button onClick={() => setLimit(limit + PAGE)}>Show more</Button>
          <span className="text-muted">
            {formatCount(limit)} of {formatCount(found.length)} are shown
          </span>
        </div>
      ) : null}
    </Card>
  );
}
