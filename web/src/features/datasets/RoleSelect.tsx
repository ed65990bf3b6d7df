import type { ColumnKind, ColumnRole } from '../../gql/graphql';
import { ROLES, wordsOf } from '../../lib/words';
import { fittingRoles, isLeftOut } from './overrides';

type RoleSelectProps = {
  column: { name: string; role: ColumnRole; valueKind: ColumnKind | null };
  /** What it is used as now. */
  role: ColumnRole;
  /** Whether leaving it out is among the choices. */
  withLeftOut?: boolean;
  disabled?: boolean;
  onChange: (role: ColumnRole) => void;
};

/** What a column is used as: what was found, or another role. */
export function RoleSelect({ column, role, withLeftOut = false, disabled, onChange }: RoleSelectProps) {
  const roles = [...new Set([column.role, role, ...fittingRoles(column.valueKind), ...(withLeftOut ? (['EXCLUDED'] as const) : [])])];
  return (
    <select
      aria-label={`Use ${column.name} as`}
      disabled={disabled}
      value={role}
      onChange={(event) => onChange(event.target.value as ColumnRole)}
      className="min-h-9 max-w-full rounded-lg border border-edge bg-panel px-2 text-xs disabled:opacity-50"
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {one === 'EXCLUDED' ? 'Leave it out' : wordsOf(ROLES, one).name}
          {isLeftOut(one) && one !== 'EXCLUDED' ? ' (left out)' : one === column.role ? ' (found)' : ''}
        </option>
      ))}
    </select>
  );
}
