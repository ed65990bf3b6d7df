import { useState, type ReactNode } from 'react';
import { ComboBox } from '../../ui/ComboBox';
import { ROLES, wordsOf } from '../../lib/words';
import type { FormColumn } from './jobChecks';

type ColumnPickerProps = {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  columns: readonly FormColumn[];
  value: string | null;
  onChoose: (column: string | null) => void;
};

/** A box in which a column is found by its name, however many there are. Emptied, no column is chosen. */
export function ColumnPicker({ label, hint, error, columns, value, onChoose }: ColumnPickerProps) {
  // What was typed holds for the value it was typed under.
  const [typed, setTyped] = useState<{ under: string | null; text: string } | null>(null);
  return (
    <ComboBox
      label={label}
      hint={hint}
      error={error}
      placeholder="Type or choose a column"
      options={columns.map((column) => ({ id: column.name, text: column.name, note: wordsOf(ROLES, column.role).name }))}
      text={typed?.under === value ? typed.text : (value ?? '')}
      onText={(text) => {
        setTyped({ under: value, text });
        if (text === '' && value !== null) onChoose(null);
      }}
      onChoose={(column) => {
        setTyped(null);
        onChoose(column);
      }}
    />
  );
}
