import { describe, expect, it } from 'vitest';
import { inBatches, toldOf } from './outcomes';

describe('several jobs at once', () => {
  it('are asked for in parts', () => {
    const ids = Array.from({ length: 230 }, (_, place) => String(place));
    expect(inBatches(ids).map((batch) => batch.length)).toEqual([100, 100, 30]);
    expect(inBatches(ids).flat()).toEqual(ids);
    expect(inBatches([])).toEqual([]);
  });

  it('tell each reason once', () => {
    const refused = (jobId: string, message: string) => ({ jobId, userErrors: [{ message }] });
    expect(toldOf([{ jobId: 'a', userErrors: [] }])).toBeNull();
    expect(toldOf([refused('a', 'It runs.')])).toBe('It runs.');
    expect(toldOf([refused('a', 'It runs.'), refused('b', 'It runs.'), { jobId: 'c', userErrors: [] }])).toBe('2 jobs: It runs.');
  });
});
