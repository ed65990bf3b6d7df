import { expect, it } from 'vitest';
import { readDatasetSearch } from './search';

it('keeps what is known, and drops the rest', () => {
  expect(readDatasetSearch({ target: 'price', roles: 'c3-5_x7', other: 1 })).toEqual({ target: 'price', roles: 'c3-5_x7' });
  expect(readDatasetSearch({ target: 2019 })).toEqual({ target: '2019' });
  expect(readDatasetSearch({ target: null, roles: 'nonsense!' })).toEqual({});
  expect(readDatasetSearch({})).toEqual({});
});
