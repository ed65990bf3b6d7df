import { expect, test } from 'vitest';
import { logLines } from './jobLog';
import type { LiveTrial } from './useTrials';

function trial(number: number, seconds: number | null, part: Partial<LiveTrial>): LiveTrial {
  const finishedAt = seconds === null ? null : new Date(seconds * 1000).toISOString();
  return { __typename: 'Trial', id: `t${number}`, number, name: `Trial ${number}`, learner: 'x', state: 'COMPLETED', error: null, version: 1, score: null, rounds: null, curve: null, startedAt: null, finishedAt, ...part } as LiveTrial;
}

test('the newest comes first, and what was the best at its time is said', () => {
  const steps = [
    { name: 'VALIDATE', state: 'COMPLETED', startedAt: new Date(0).toISOString(), finishedAt: new Date(1000).toISOString() },
    { name: 'TRAIN', state: 'RUNNING', startedAt: new Date(1500).toISOString(), finishedAt: null },
    { name: 'ASSEMBLE', state: 'PENDING', startedAt: null, finishedAt: null },
  ] as const;
  const trials = [
    trial(2, 4, { score: 0.7 }),
    trial(0, 2, { score: 0.6 }),
    trial(1, 3, { score: 0.5 }),
    trial(3, 5, { state: 'FAILED', error: 'no memory' }),
    trial(4, null, { state: 'RUNNING' }),
  ];
  expect(logLines(steps, trials, true).map((line) => line.text)).toEqual([
    'Trial 3: failed. no memory',
    'Trial 2: 0.7000, the best so far',
    'Trial 1: 0.5000',
    'Trial 0: 0.6000, the best so far',
    'Train begins',
    'Check is done',
    'Check begins',
  ]);
  expect(logLines(steps, trials, false)[1]?.text).toBe('Trial 2: 0.7000');
});
