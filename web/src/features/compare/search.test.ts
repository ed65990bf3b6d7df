import { expect, it } from 'vitest';
import { readCompare } from './search';

it('takes each job once, and ten at most', () => {
  expect(readCompare({ jobs: ['a', 'b', 'a', 3, ''] })).toEqual({ jobs: ['a', 'b'] });
  expect(readCompare({ jobs: 'a' })).toEqual({ jobs: ['a'] });
  expect(readCompare({})).toEqual({ jobs: [] });
  expect(readCompare({ jobs: 'a', only: 'differences' })).toEqual({ jobs: ['a'], only: 'differences' });
  expect(readCompare({ jobs: 'a', only: 'all' })).toEqual({ jobs: ['a'] });
  expect(readCompare({ jobs: Array.from({ length: 20 }, (_, place) => `j${place}`) }).jobs).toHaveLength(10);
});
