// Roles that a person gave to columns, by name, and how they stand in the URL: short, because tables may have thousands of columns.
import type { ColumnKind, ColumnRole } from '../../gql/graphql';

/** EXCLUDED: left out of what a model learns from. */
export type Overrides = Readonly<Record<string, ColumnRole>>;

/** A column and what it was taken for. */
export type Found = { name: string; role: ColumnRole };

/** A letter a role: it begins a group of places, as in `c3.h-k_x7`. Roles that are only found have none. */
const LETTERS: Readonly<Partial<Record<ColumnRole, string>>> = { NUMBER: 'n', CATEGORY: 'c', DATE: 'd', TEXT: 't', EXCLUDED: 'x' };
const ROLES_BY_LETTER = new Map(Object.entries(LETTERS).map(([role, letter]) => [letter, role as ColumnRole]));

const BASE = 36;
const WRITTEN = /^[ncdtx][0-9a-z]+(-[0-9a-z]+)?(\.[0-9a-z]+(-[0-9a-z]+)?)*(_[ncdtx][0-9a-z]+(-[0-9a-z]+)?(\.[0-9a-z]+(-[0-9a-z]+)?)*)*$/;

/** The parameter of a URL if it may be roles, else nothing. */
export function readRolesText(value: unknown): string | undefined {
  return typeof value === 'string' && WRITTEN.test(value) ? value : undefined;
}

/** What the parameter says of these columns. Places that are no column, and roles that a column has anyway, are dropped. */
export function readOverrides(text: string | undefined, columns: readonly Found[]): Overrides {
  const read: Record<string, ColumnRole> = {};
  for (const group of readRolesText(text)?.split('_') ?? []) {
    const role = ROLES_BY_LETTER.get(group.charAt(0));
    for (const item of group.slice(1).split('.')) {
      const [first = '', last = first] = item.split('-');
      const end = Math.min(parseInt(last, BASE), columns.length - 1);
      for (let place = parseInt(first, BASE); place <= end; place += 1) {
        const column = columns[place];
        if (column && role && role !== column.role) read[column.name] = role;
      }
    }
  }
  return read;
}

/** The parameter for these roles; nothing when there are none. */
export function writeOverrides(overrides: Overrides, columns: readonly Found[]): string | undefined {
  const places = new Map<string, number[]>();
  columns.forEach((column, place) => {
    const letter = Object.hasOwn(overrides, column.name) ? LETTERS[overrides[column.name] as ColumnRole] : undefined;
    if (letter === undefined || overrides[column.name] === column.role) return;
    const before = places.get(letter);
    if (before) before.push(place);
    else places.set(letter, [place]);
  });
  // The same roles make the same URL, in whatever order they were given.
  const groups = [...places].sort(([left], [right]) => (left < right ? -1 : 1)).map(([letter, ofRole]) => letter + writePlaces(ofRole));
  return groups.length === 0 ? undefined : groups.join('_');
}

function writePlaces(places: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    if (run && place === run[1] + 1) run[1] = place;
    else runs.push([place, place]);
  }
  return runs.map(([first, last]) => (first === last ? first.toString(BASE) : `${first.toString(BASE)}-${last.toString(BASE)}`)).join('.');
}

/** The overrides with one more; the role that was found takes the override back. */
export function withRole(overrides: Overrides, column: Found, role: ColumnRole): Overrides {
  const rest = Object.fromEntries(Object.entries(overrides).filter(([name]) => name !== column.name));
  return role === column.role ? rest : { ...rest, [column.name]: role };
}

/** What a column of values of a kind can be used as, the likeliest first. A kind of a newer server: anything. */
const FITTING: Readonly<Record<ColumnKind, readonly ColumnRole[]>> = {
  NUMERIC: ['NUMBER', 'CATEGORY'],
  INTEGER: ['NUMBER', 'CATEGORY'],
  BOOLEAN: ['NUMBER', 'CATEGORY'],
  CATEGORICAL: ['CATEGORY', 'TEXT', 'NUMBER'],
  DATE: ['DATE', 'CATEGORY', 'TEXT'],
  TEXT: ['TEXT', 'CATEGORY'],
  ID: ['CATEGORY', 'NUMBER', 'TEXT'],
  CONSTANT: ['NUMBER', 'CATEGORY', 'TEXT'],
};

export function fittingRoles(kind: ColumnKind | null): readonly ColumnRole[] {
  return (kind === null ? undefined : FITTING[kind]) ?? ['NUMBER', 'CATEGORY', 'DATE', 'TEXT'];
}

const UNUSED: readonly ColumnRole[] = ['ID', 'CONSTANT', 'DUPLICATE', 'EXCLUDED'];

/** Whether a column with this role is no feature. */
export function isLeftOut(role: ColumnRole): boolean {
  return UNUSED.includes(role);
}
