// Which columns of a table are shown.
import type { ColumnRole } from '../../gql/graphql';
import { isLeftOut, type Overrides } from './overrides';

export type Which = 'ALL' | 'WARNED' | 'LEFT_OUT' | 'CHANGED';

export const WHICH: Record<Which, string> = { ALL: 'All columns', WARNED: 'With a warning', LEFT_OUT: 'Left out', CHANGED: 'Changed by you' };

type Column = { name: string; role: ColumnRole; warnings: readonly string[] };

/** What a column is used as: what a person said, else what was found. */
export function roleOf(column: { name: string; role: ColumnRole }, overrides: Overrides): ColumnRole {
  return (Object.hasOwn(overrides, column.name) ? overrides[column.name] : undefined) ?? column.role;
}

/** Columns of a kind whose name has the words in it. */
export function filterColumns<Of extends Column>(columns: readonly Of[], text: string, which: Which, overrides: Overrides): readonly Of[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' && which === 'ALL') return columns;
  return columns.filter((column) => {
    if (wanted !== '' && !column.name.toLowerCase().includes(wanted)) return false;
    if (which === 'WARNED') return column.warnings.length > 0;
    if (which === 'LEFT_OUT') return isLeftOut(roleOf(column, overrides));
    return which !== 'CHANGED' || roleOf(column, overrides) !== column.role;
  });
}
