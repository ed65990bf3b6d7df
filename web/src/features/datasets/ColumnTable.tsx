import { useDeferredValue, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { TextInput } from '../../ui/Field';
import { ColumnRow } from './ColumnRow';

const ColumnTableProfile = graphql(`
  fragment ColumnTable_profile on DatasetProfile {
    columns {
      name
      ...ColumnRow_column
    }
  }
`);

const PAGE = 40;

type ColumnTableProps = {
  profile: FragmentType<typeof ColumnTableProfile>;
  target: string | null;
  onChoose: (column: string) => void;
};

/** Every column with its type, its evidence and its values. Drawn a page at a time: tables may have thousands. */
export function ColumnTable({ profile, target, onChoose }: ColumnTableProps) {
  const { columns } = readFragment(ColumnTableProfile, profile);
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const found = wanted === '' ? columns : columns.filter((column) => column.name.toLowerCase().includes(wanted));
  return (
    <Card title="Columns" note="What each column was taken for, and why.">
      {columns.length > 12 ? (
        <div className="mb-4 max-w-sm">
          <TextInput label="Find a column" type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
        </div>
      ) : null}
      {found.length === 0 ? <p className="text-muted">No column has that in its name.</p> : null}
      <ul className="divide-y divide-line">
        {found.slice(0, limit).map((column) => (
          <ColumnRow key={column.name} column={column} isTarget={column.name === target} onChoose={onChoose} />
        ))}
      </ul>
      {found.length > limit ? (
        <div className="mt-4">
          <Button onClick={() => setLimit(limit + PAGE)}>Show more of {formatCount(found.length)} columns</Button>
        </div>
      ) : null}
    </Card>
  );
}
