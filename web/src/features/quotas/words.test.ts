import { describe, expect, it } from 'vitest';
import { resetWords, shareOf, toneOf, usedWords } from './words';

describe('a limit', () => {
  it('is told with its use', () => {
    expect(usedWords('unfinishedJobs', { limit: 20, used: 3 })).toBe('3 of 20');
    expect(usedWords('storedBytes', { limit: null, used: 2_500_000 })).toBe('2.5 MB used, no limit');
    expect(usedWords('computeSecondsPerDay', { limit: 7200, used: 3725 })).toBe('1 h 2 min of 2 h');
    expect(usedWords('jobBudgetSeconds', { limit: 600, used: null })).toBe('at most 10 min');
    expect(usedWords('jobBudgetSeconds', { limit: null, used: null })).toBe('no limit');
  });

  it('is full where nothing may be used, and never more than full', () => {
    expect(shareOf({ limit: 0, used: 0 })).toBe(1);
    expect(shareOf({ limit: 10, used: 25 })).toBe(1);
    expect(shareOf({ limit: null, used: 25 })).toBeNull();
    expect([0, 7, 8, 10].map((used) => toneOf({ limit: 10, used }))).toEqual(['plain', 'plain', 'scarce', 'full']);
  });

  it('says when it begins anew, to the minute', () => {
    const now = Date.parse('2026-11-30T20:50:00Z');
    expect(resetWords('2026-12-01T00:00:00Z', now)).toBe('begins anew in 3 h 10 min');
    expect(resetWords('2026-11-30T20:50:20Z', now)).toBe('begins anew in 1 min');
    expect(resetWords('2026-11-30T20:00:00Z', now)).toBeNull();
    expect(resetWords(null, now)).toBeNull();
  });
});
