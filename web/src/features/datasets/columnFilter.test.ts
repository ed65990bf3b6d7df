import { expect, it } from 'vitest';
import type { ColumnRole } from '../../gql/graphql';
import { filterColumns, type Which } from './columnFilter';

const column = (name: string, role: ColumnRole, warnings: string[] = []) => ({ name, role, warnings });
const columns = [column('id', 'ID'), column('Price', 'NUMBER'), column('city', 'CATEGORY', ['Many values.']), column('old_price', 'NUMBER')];

it.each<[string, Which, string[]]>([
  ['', 'ALL', ['id', 'Price', 'city', 'old_price']],
  [' PRICE ', 'ALL', ['Price', 'old_price']],
  ['', 'WARNED', ['city']],
  ['', 'LEFT_OUT', ['id', 'old_price']],
  ['price', 'LEFT_OUT', ['old_price']],
  ['', 'CHANGED', ['old_price']],
  ['nothing', 'ALL', []],
])('%j of %s', (text, which, names) => {
  const found = filterColumns(columns, text, which, { old_price: 'EXCLUDED', city: 'CATEGORY' });
  expect(found.map((one) => one.name)).toEqual(names);
});
