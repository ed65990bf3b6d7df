import { describe, expect, it } from 'vitest';
import { deregisterWords, isMeant, promoteWords, readRegistry, refuseAlias, refuseName, rollBackWords, versionWords } from './names';

const production = { alias: 'production', version: 2, previousVersion: 1 };
const staging = { alias: 'staging', version: 3, previousVersion: null };

describe('what is typed', () => {
  it('is read from a URL, and what is none is dropped', () => {
    expect(readRegistry({ text: ' churn ', page: 3 })).toEqual({ text: 'churn' });
    expect(readRegistry({ text: 2026 })).toEqual({ text: '2026' });
    expect(readRegistry({ text: ['churn'] })).toEqual({});
  });

  it('finds by name and by alias', () => {
    expect(isMeant('CHU', 'Churn', [])).toBe(true);
    expect(isMeant('prod', 'Churn', [production])).toBe(true);
    expect(isMeant('stag', 'Churn', [production])).toBe(false);
    expect(isMeant('', 'Churn', [])).toBe(true);
  });

  it('is refused as the server would', () => {
    expect(refuseName('Churn, weekly')).toBeNull();
    expect(refuseName('🐕'.repeat(100))).toBeNull();
    expect(refuseName('x'.repeat(101))).toContain('100');
    expect(refuseName('a\tb')).not.toBeNull();
    expect(refuseAlias('production-2.1_b')).toBeNull();
    expect(refuseAlias('two words')).not.toBeNull();
    expect(refuseAlias('größe')).not.toBeNull();
    expect(refuseAlias('x'.repeat(51))).toContain('50');
  });
});

describe('what follows', () => {
  it('from promoting', () => {
    expect(promoteWords([production], 'production', 3)).toContain('version 3 instead of version 2');
    expect(promoteWords([production], 'production', 2)).toContain('already');
    expect(promoteWords([production], 'canary', 3)).toContain('A new alias');
  });

  it('from rolling back, where there is something to go back to', () => {
    expect(rollBackWords(production, [3, 2, 1])).toContain('version 1 again instead of version 2');
    expect(rollBackWords(production, [3, 2])).toBeNull();
    expect(rollBackWords(staging, [3, 2, 1])).toBeNull();
  });

  it('from taking a version away', () => {
    expect(deregisterWords('churn', 1, 3, [production])).toMatchObject({ refused: null });
    expect(deregisterWords('churn', 2, 3, [production]).refused).toBe('“production” points to it: promote another version first.');
    expect(deregisterWords('churn', 2, 1, [production])).toMatchObject({ refused: null, consequence: expect.stringContaining('ask “production” get no answer') });
  });
});

it('counts versions, and tells the newest where some are gone', () => {
  expect(versionWords([1])).toBe('1 version');
  expect(versionWords([3, 2, 1])).toBe('3 versions');
  expect(versionWords([4, 1])).toBe('2 versions, the newest 4');
});
