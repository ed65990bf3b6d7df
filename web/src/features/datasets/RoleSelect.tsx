import type { ColumnKind, ColumnRole } from '../../gql/graphql';
import { ROLES, wordsOf } from '../../lib/words';
import { Select } from '../../ui/Select';
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
    <Select
      aria-label={`Use ${column.name} as`}
      disabled={disabled}
      value={role}
      onChange={(event) => onChange(event.target.value as ColumnRole)}
      size="small"
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {one === 'EXCLUDED' ? 'Leave it out' : wordsOf(ROLES, one).name}
          {isLeftOut(one) && one !== 'EXCLUDED' ? ' (left out)' : one === column.role ? ' (found)' : ''}
        </option>
      ))}
    </Select>
  );
}
