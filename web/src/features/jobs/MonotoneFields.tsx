import { X } from 'lucide-react';
import { useState } from 'react';
import type { MonotoneDirection, ProblemType } from '../../gql/graphql';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Select';
import { ColumnPicker } from './ColumnPicker';
import { refuseMonotone, type FormColumn, type Refusals } from './jobChecks';
import type { JobDraft } from './jobDraft';
import { DIRECTIONS } from './settingsWords';

type MonotoneFieldsProps = { draft: JobDraft; columns: readonly FormColumn[]; problem: ProblemType; refusals: Refusals; onChange: (part: Partial<JobDraft>) => void };

/** Columns that the prediction may only rise, or only fall, with. */
export function MonotoneFields({ draft, columns, problem, refusals, onChange }: MonotoneFieldsProps) {
  const { monotone } = draft;
  // Picked, but not yet on the list.
  const [next, setNext] = useState<string | null>(null);
  const chosen = Object.keys(monotone);
  const set = (column: string, direction: MonotoneDirection | null) => {
    const rest = Object.fromEntries(Object.entries(monotone).filter(([name]) => name !== column));
    onChange({ monotone: direction === null ? rest : { ...monotone, [column]: direction } });
  };
  return (
    <fieldset className="min-w-0 space-y-4">
      <legend className="font-medium">Rising and falling</legend>
      <p className="max-w-prose text-muted">
        {problem === 'MULTICLASS'
          ? 'Predictions of several classes have no direction; this is for numbers and for two classes.'
          : `What you know to go one way only, for instance that a larger flat is never cheaper, the model then keeps to for sure. ${
              problem === 'BINARY' ? 'It is the probability of the second class that rises or falls. ' : ''
            }Learners that cannot keep to it are not tried.`}
      </p>
      {chosen.length > 0 ? (
        <ul className="max-w-xl divide-y divide-line">
          {chosen.map((name) => (
            <li key={name} className="flex flex-wrap items-center gap-3 py-2">
              <span className="min-w-0 flex-1 basis-40 font-medium break-all">{name}</span>
              <Select
                aria-label={`The prediction with rising ${name}`}
                value={monotone[name]}
                onChange={(event) => set(name, event.target.value as MonotoneDirection)}
                size="small"
              >
                {(Object.keys(DIRECTIONS) as MonotoneDirection[]).map((one) => (
                  <option key={one} value={one}>
                    {DIRECTIONS[one].name}
                  </option>
                ))}
              </Select>
              <Button size="small" look="remove" aria-label={`Take ${name} off the list`} onClick={() => set(name, null)}>
                <X aria-hidden className="size-4" />
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {problem === 'MULTICLASS' && chosen.length === 0 ? null : (
        <div className="space-y-3">
          <div className="max-w-xl">
            <ColumnPicker
              label="Column of numbers"
              hint="Only columns that are used as numbers are offered."
              error={refusals.monotone}
              columns={columns.filter((column) => !chosen.includes(column.name) && refuseMonotone(draft, column) === null)}
              value={next}
              onChoose={setNext}
            />
          </div>
          <div className="flex flex-wrap gap-2">
            {(Object.keys(DIRECTIONS) as MonotoneDirection[]).map((direction) => (
              <Button
                key={direction}
                disabled={next === null}
                onClick={() => {
                  if (next !== null) set(next, direction);
                  setNext(null);
                }}
              >
                {DIRECTIONS[direction].name} with it
              </Button>
            ))}
          </div>
        </div>
      )}
    </fieldset>
  );
}
