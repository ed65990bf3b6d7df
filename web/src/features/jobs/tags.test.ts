import { expect, it } from 'vitest';
import { changeOf, readTags } from './tags';

it('reads each tag once', () => {
  expect(readTags(' a, b ,,a, c d ')).toEqual(['a', 'b', 'c d']);
  expect(readTags(' , ')).toEqual([]);
});

it('gives what is new and takes what is gone', () => {
  expect(changeOf(['a', 'b'], ['b', 'c'])).toEqual({ add: ['c'], remove: ['a'] });
  expect(changeOf(['a'], ['a'])).toEqual({ add: [], remove: [] });
});
