import { useQuery } from '@apollo/client/react';
import { useDeferredValue, useId, useState } from 'react';
import { graphql } from '../../gql';
import type { ColumnRole } from '../../gql/graphql';
import { formatCount, formatCounted } from '../../lib/format';
import { Button } from '../../ui/Button';
import { TextInput } from '../../ui/Field';
import { withRole } from '../datasets/overrides';
import { RoleSelect } from '../datasets/RoleSelect';
import { isFeature, roleIn, whyNoFeature, type FormColumn, type Refusals } from './jobChecks';
import type { JobDraft } from './jobDraft';

// Asked when the list is opened: of a thousand columns it is as much as all the rest of the page.
const ColumnEvidence = graphql(`
  query ColumnEvidence($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        profile {
          columns {
            name
            evidence
          }
        }
      }
    }
  }
`);

type ColumnChoicesProps = {
  datasetId: string;
  columns: readonly FormColumn[];
  draft: JobDraft;
  refusals: Refusals;
  onChange: (part: Partial<JobDraft>) => void;
};

const PAGE = 50;
/** With fewer columns nobody needs to search. */
const MANY = 12;

/** Which columns the model may learn from, and as what. */
export function ColumnChoices({ datasetId, columns, draft, refusals, onChange }: ColumnChoicesProps) {
  const { data } = useQuery(ColumnEvidence, { variables: { id: datasetId } });
  const evidence = new Map(data?.node?.__typename === 'Dataset' ? data.node.profile?.columns.map((column) => [column.name, column.evidence]) : []);
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const found = wanted === '' ? columns : columns.filter((column) => column.name.toLowerCase().includes(wanted));
  const excluded = new Set(draft.exclude);
  const isIn = found.filter((column) => !excluded.has(column.name)).length;
  const used = columns.filter((column) => isFeature(draft, column)).length;

  /** All that are found, also those that are not drawn yet. */
  const setAll = (isUsed: boolean) => {
    const names = new Set(found.map((column) => column.name));
    const rest = draft.exclude.filter((name) => !names.has(name));
    onChange({ exclude: isUsed ? rest : [...rest, ...names] });
  };
  const setUsed = (column: string, isUsed: boolean) => {
    const rest = draft.exclude.filter((name) => name !== column);
    onChange({ exclude: isUsed ? rest : [...rest, column] });
  };
  const foundWords = wanted === '' ? `all ${formatCount(found.length)}` : found.length === 1 ? 'the one found' : `the ${formatCount(found.length)} found`;

  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Columns to learn from</legend>
      <p className="max-w-prose text-muted">
        Leave out what is not known at the time of a prediction. A column that follows from the answer makes a model look better than it is.
      </p>
      {columns.length > MANY ? (
        <div className="mt-4 flex flex-wrap items-end gap-3">
          <div className="w-64 max-w-full">
            <TextInput
              label="Find a column"
              type="search"
              value={search}
              onChange={(event) => {
                setSearch(event.target.value);
                setLimit(PAGE);
              }}
              onKeyDown={(event) => {
                // Enter searches; it does not start a job.
                if (event.key === 'Enter') event.preventDefault();
              }}
            />
          </div>
          <Button disabled={isIn === 0} onClick={() => setAll(false)}>
            Leave out {foundWords}
          </Button>
          <Button disabled={isIn === found.length} onClick={() => setAll(true)}>
            Take in {foundWords}
          </Button>
        </div>
      ) : null}
      <p className="mt-3 text-xs text-muted" role="status">
        {formatCount(used)} of {formatCounted(columns.length, 'column')} are learned from
        {excluded.size > 0 ? `; you left out ${formatCount(excluded.size)}` : ''}
        {wanted === '' ? '' : `; ${formatCount(found.length)} have “${search.trim()}” in their name`}.
      </p>
      {refusals.exclude ? <p className="mt-2 text-xs text-bad">{refusals.exclude}</p> : null}
      {refusals.roles ? <p className="mt-2 text-xs text-bad">{refusals.roles}</p> : null}
      <ul className="mt-3 divide-y divide-line">
        {found.slice(0, limit).map((column) => (
          <Choice
            key={column.name}
            column={column}
            role={roleIn(draft, column)}
            isUsed={!excluded.has(column.name)}
            note={whyNoFeature(draft, column) ?? evidence.get(column.name)}
            onUsed={(isUsed) => setUsed(column.name, isUsed)}
            onRole={(role) => onChange({ roles: withRole(draft.roles, column, role) })}
          />
        ))}
      </ul>
      {found.length > limit ? (
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <Button size="small" onClick={() => setLimit(limit + PAGE)}>
            Show more
          </Button>
          <span className="text-xs text-muted">
            {formatCount(limit)} of {formatCount(found.length)} are shown
          </span>
        </div>
      ) : null}
    </fieldset>
  );
}

type ChoiceProps = { column: FormColumn; role: ColumnRole; isUsed: boolean; note: string | undefined; onUsed: (isUsed: boolean) => void; onRole: (role: ColumnRole) => void };

function Choice({ column, role, isUsed, note, onUsed, onRole }: ChoiceProps) {
  const id = useId();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2">
      <input id={id} type="checkbox" className="size-4 shrink-0 accent-(--accent)" checked={isUsed} onChange={(event) => onUsed(event.target.checked)} />
      <label htmlFor={id} className="min-w-0 flex-1 basis-48">
        <span className={`break-all ${isUsed ? 'font-medium' : 'text-muted line-through'}`}>{column.name}</span>
        {/* As high before its text is there. */}
        <span className="block min-h-4 text-xs text-muted">{note}</span>
      </label>
      <RoleSelect column={column} role={role} disabled={!isUsed} onChange={onRole} />
    </li>
  );
}
