import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/Button';
import { SelectInput, TextInput } from '../../ui/Field';

type AdminFiltersProps = {
  /** What is searched, for screen readers. */
  label: string;
  /** What the text is looked for in. */
  textLabel: string;
  text: string;
  onText: (text: string) => void;
  setLabel: string;
  sets: Readonly<Record<string, string>>;
  set: string;
  onSet: (set: string) => void;
  children?: ReactNode;
};

/** A text to search for and a choice of what is listed. Searching is asked for, since everybody's rows are many. */
export function AdminFilters({ label, textLabel, text, onText, setLabel, sets, set, onSet, children }: AdminFiltersProps) {
  const [typed, setTyped] = useState(text);
  const [outside, setOutside] = useState(text);
  if (outside !== text) {
    setOutside(text);
    setTyped(text);
  }
  return (
    <form
      role="search"
      aria-label={label}
      className="mb-5 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onText(typed.trim());
      }}
    >
      <div className="min-w-0 flex-1 basis-56">
        <TextInput label={textLabel} type="search" maxLength={200} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      <Button type="submit">Search</Button>
      <div className="min-w-0 basis-44">
        <SelectInput label={setLabel} value={set} onChange={(event) => onSet(event.target.value)}>
          <option value="">All</option>
          {Object.entries(sets).map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </SelectInput>
      </div>
      {children}
    </form>
  );
}
