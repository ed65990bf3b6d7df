import { useState } from 'react';
import { formatDuration } from '../../lib/format';
import { SelectInput, TextInput } from '../../ui/Field';
import { parseMinutes } from './jobDraft';

const OFFERED = [60, 120, 300, 600, 1200, 1800, 3600, 4 * 3600];

type BudgetFieldProps = { seconds: number; onChange: (seconds: number) => void; onValid: (valid: boolean) => void; /** As wide as its place, as in a dialog. */ wide?: boolean };

/** How long the job may take: one of a few, or minutes typed in. */
export function BudgetField({ seconds, onChange, onValid, wide = false }: BudgetFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const offered = OFFERED.includes(seconds) ? OFFERED : [...OFFERED, seconds].sort((left, right) => left - right);
  const invalid = typed !== null && parseMinutes(typed) === null;
  return (
    <div className={`grid gap-5 ${wide && typed === null ? '' : 'sm:grid-cols-2'}`}>
      <SelectInput
        label="Time budget"
        hint="The job ends within it, with the best model found so far. You can also finish earlier and keep the best."
        value={typed === null ? String(seconds) : 'OTHER'}
        onChange={(event) => {
          if (event.target.value === 'OTHER') {
            setTyped(String(Math.round(seconds / 6) / 10));
          } else {
            setTyped(null);
            onValid(true);
            onChange(Number(event.target.value));
          }
        }}
      >
        {offered.map((one) => (
          <option key={one} value={one}>
            {formatDuration(one)}
          </option>
        ))}
        <option value="OTHER">Another time…</option>
      </SelectInput>
      {typed !== null ? (
        <TextInput
          label="Minutes"
          inputMode="decimal"
          hint="From 10 seconds (0.17) to 24 hours (1440)."
          error={invalid ? 'This is no time between 10 seconds and 24 hours.' : null}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            const parsed = parseMinutes(event.target.value);
            onValid(parsed !== null);
            if (parsed !== null) onChange(parsed);
          }}
        />
      ) : null}
    </div>
  );
}
