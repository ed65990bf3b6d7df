import { describe, expect, it } from 'vitest';
import type { ColumnRole } from '../../gql/graphql';
import { fittingRoles, readOverrides, readRolesText, withRole, writeOverrides } from './overrides';

const columns = Array.from({ length: 50 }, (_, place) => ({ name: `c${place}`, role: (place === 0 ? 'ID' : 'NUMBER') as ColumnRole }));

describe('roles in the URL', () => {
  it.each<[string, Record<string, ColumnRole>, string | undefined]>([
    ['none', {}, undefined],
    ['one', { c3: 'CATEGORY' }, 'c3'],
    ['neighbours as a span', { c3: 'CATEGORY', c4: 'CATEGORY', c5: 'CATEGORY', c40: 'CATEGORY' }, 'c3-5.14'],
    ['several roles', { c0: 'TEXT', c49: 'EXCLUDED', c12: 'EXCLUDED' }, 't0_xc.1d'],
  ])('%s', (_, overrides, text) => {
    expect(writeOverrides(overrides, columns)).toBe(text);
    expect(readOverrides(text, columns)).toEqual(overrides);
  });

  it('says nothing of columns that are not there, and of roles that were found anyway', () => {
    expect(writeOverrides({ elsewhere: 'TEXT', c1: 'NUMBER' }, columns)).toBeUndefined();
    expect(readOverrides('n1.0_x1d-zzzzz', columns)).toEqual({ c0: 'NUMBER', c49: 'EXCLUDED' });
  });

  it.each([undefined, 7, '', 'x', 'q3', 'c3.', 'c3_', 'c-3', 'C3', 'c3 ', ['c3']])('drops %j', (value) => {
    expect(readRolesText(value)).toBeUndefined();
  });

  it('leaves out a thousand columns in a short text', () => {
    const many = Array.from({ length: 1000 }, (_, place) => ({ name: `sensor ${place}`, role: 'NUMBER' as const }));
    const all = Object.fromEntries(many.map((column) => [column.name, 'EXCLUDED' as const]));
    expect(writeOverrides(all, many)).toBe('x0-rr');
    expect(Object.keys(readOverrides('x0-rr', many))).toHaveLength(1000);
  });
});

it('takes an override back with the role that was found', () => {
  const changed = withRole({ c9: 'TEXT' }, { name: 'c1', role: 'NUMBER' }, 'CATEGORY');
  expect(changed).toEqual({ c9: 'TEXT', c1: 'CATEGORY' });
  expect(withRole(changed, { name: 'c1', role: 'NUMBER' }, 'NUMBER')).toEqual({ c9: 'TEXT' });
});

it('offers dates only where there are dates', () => {
  expect(fittingRoles('NUMERIC')).toEqual(['NUMBER', 'CATEGORY']);
  expect(fittingRoles('DATE')).toContain('DATE');
  expect(fittingRoles(null)).toHaveLength(4);
});
