import { expect, it } from 'vitest';
import { improvements, scoredMoments } from './bestSoFar';
import { newestTrials, type LiveTrial } from './useTrials';

const START = '2026-06-01T12:00:00Z';

function trial(number: number, version: number, score: number | null, seconds = number): LiveTrial {
  return {
    __typename: 'Trial',
    id: `t${number}`,
    number,
    name: `trial ${number}`,
    learner: 'trees',
    state: score === null ? 'FAILED' : 'COMPLETED',
    error: null,
    version,
    score,
    scoreSd: null,
    fitSeconds: null,
    startedAt: START,
    finishedAt: new Date(Date.parse(START) + seconds * 1000).toISOString(),
  };
}

it('never lets an older version overwrite a newer one, whatever the order', () => {
  const merged = newestTrials([trial(2, 1, 0.5), trial(1, 3, 0.9)], [trial(1, 2, 0.1), trial(2, 4, 0.7)]);
  expect(merged.map((one) => [one.number, one.version])).toEqual([
    [1, 3],
    [2, 4],
  ]);
});

it('draws scored trials by the time they ended', () => {
  const moments = scoredMoments([trial(1, 1, 0.7, 9), trial(2, 1, null, 3), trial(3, 1, 0.8, 5)], START);
  expect(moments.map((moment) => [moment.seconds, moment.score])).toEqual([
    [5, 0.8],
    [9, 0.7],
  ]);
});

it('knows the direction of the metric', () => {
  const moments = scoredMoments([trial(1, 1, 0.7), trial(2, 1, 0.6), trial(3, 1, 0.9), trial(4, 1, 0.9)], START);
  expect(improvements(moments, true).map((moment) => moment.score)).toEqual([0.7, 0.9]);
  expect(improvements(moments, false).map((moment) => moment.score)).toEqual([0.7, 0.6]);
});
