// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import { isSameFile, keepUnfinished, readUnfinished } from './unfinished';

const kept = { uploadId: 'u', name: 'a.csv', size: 3, lastModified: 7 };

afterEach(() => localStorage.clear());

describe('an unfinished upload', () => {
  it('is kept and forgotten', () => {
    expect(readUnfinished()).toBeNull();
    keepUnfinished(kept);
    expect(readUnfinished()).toEqual(kept);
    keepUnfinished(null);
    expect(readUnfinished()).toBeNull();
  });

  it('is not made of what something else left there', () => {
    for (const text of ['', '{', '[]', '{"uploadId":1}', '"x"']) {
      localStorage.setItem('automl.upload', text);
      expect(readUnfinished()).toBeNull();
    }
  });

  it('goes on with the same file only', () => {
    expect(isSameFile(kept, { name: 'a.csv', size: 3, lastModified: 7 })).toBe(true);
    expect(isSameFile(kept, { name: 'a.csv', size: 3, lastModified: 8 })).toBe(false);
    expect(isSameFile(kept, { name: 'a.csv', size: 4, lastModified: 7 })).toBe(false);
  });
});
