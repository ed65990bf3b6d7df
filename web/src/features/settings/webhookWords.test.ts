import { describe, expect, it } from 'vitest';
import { fateOf, lookAgainAfter, standingOf } from './webhookWords';

const NOW = Date.parse('2026-11-30T12:00:00Z');

describe('a webhook', () => {
  const standing = { enabled: true, failingSince: null, disabledReason: null };

  it('is on, fails, rests or was switched off', () => {
    expect(standingOf(standing, NOW)).toEqual({ name: 'On', tone: 'good', note: null });
    expect(standingOf({ ...standing, failingSince: '2026-11-30T11:00:00Z' }, NOW)).toMatchObject({ name: 'Not arriving', tone: 'warn' });
    expect(standingOf({ ...standing, enabled: false, disabledReason: 'its owner has switched it off' }, NOW)).toEqual({
      name: 'Paused',
      tone: 'neutral',
      note: 'Its owner has switched it off.',
    });
    expect(standingOf({ enabled: false, failingSince: '2026-11-25T11:00:00Z', disabledReason: 'five days of nothing but failures' }, NOW)).toEqual({
      name: 'Switched off',
      tone: 'bad',
      note: 'Five days of nothing but failures.',
    });
  });
});

describe('a message', () => {
  const told = { attempts: 1, status: null, error: null, nextAttemptAt: null, sentAt: null };

  it('tells the answer, the tries and the next one', () => {
    expect(fateOf({ ...told, attempts: 0 }, NOW)).toBe('');
    expect(fateOf({ ...told, status: 204, sentAt: '2026-11-30T11:59:00Z' }, NOW)).toBe('answered 204');
    expect(fateOf({ ...told, attempts: 3, status: 500, error: 'the receiver answered 500.', nextAttemptAt: '2026-11-30T12:00:20Z' }, NOW)).toBe(
      '3 tries, the receiver answered 500, again in 20 s',
    );
  });

  it('does not tell of failures before it arrived', () => {
    expect(fateOf({ ...told, attempts: 2, status: 200, error: 'the receiver did not answer within 10 s', sentAt: '2026-11-30T11:59:00Z' }, NOW)).toBe('2 tries, answered 200');
  });

  it('is looked after closely while it is young', () => {
    const [young, old] = ['2026-11-30T11:59:50Z', '2026-11-30T11:00:00Z'];
    expect(lookAgainAfter([{ state: 'SENT', createdAt: young }], NOW)).toBe(0);
    expect(lookAgainAfter([{ state: 'QUEUED', createdAt: old }], NOW)).toBe(15_000);
    expect(lookAgainAfter([{ state: 'QUEUED', createdAt: old }, { state: 'SENDING', createdAt: young }], NOW)).toBe(1500);
  });
});
