import { describe, expect, it } from 'vitest';
import { arranged, boardRows, readBoard } from './board';
import type { LiveTrial } from './useTrials';

function trial(number: number, score: number | null, part: Partial<LiveTrial> = {}): LiveTrial {
  const state = score === null ? 'FAILED' : 'COMPLETED';
  return {
    __typename: 'Trial', id: `t${number}`, number, name: `Trees ${number}`, learner: number === 0 ? 'baseline' : 'trees', state, error: null, version: 1, score,
    scoreSd: null, fitSeconds: number, startedAt: null, finishedAt: null, ...part,
  } as LiveTrial;
}

const TRIALS = [trial(0, 0.5), trial(1, 0.9), trial(2, null), trial(3, 0.9), trial(10, 0.7, { learner: 'forest' })];
const ENSEMBLE = { kind: 'ENSEMBLE', name: 'Ensemble', score: 0.9 } as const;
const names = (rows: readonly { name: string }[]) => rows.map((row) => row.name);

describe('the rows of the leaderboard', () => {
  it('have the order of the server: best first, equals by number, the ensemble behind its equals, failures last', () => {
    const rows = boardRows(TRIALS, [ENSEMBLE], [{ name: 'Trees 3', weight: 0.6 }], true);
    expect(rows.map((row) => [row.rank, row.name])).toEqual([[1, 'Trees 1'], [2, 'Trees 3'], [3, 'Ensemble'], [4, 'Trees 10'], [5, 'Trees 0'], [null, 'Trees 2']]);
    expect(rows[1]?.weight).toBe(0.6);
    expect(rows[4]?.kind).toBe('BASELINE');
  });

  it('know the direction, and put a final model of unknown place first', () => {
    const rows = boardRows(TRIALS, [{ ...ENSEMBLE, score: null }], [], false);
    expect(rows.map((row) => [row.rank, row.name])).toEqual([[null, 'Ensemble'], [1, 'Trees 0'], [2, 'Trees 10'], [3, 'Trees 1'], [4, 'Trees 3'], [null, 'Trees 2']]);
  });

  it('are found by name and learner, and keep their rank', () => {
    const found = arranged(boardRows(TRIALS, [], [], true), { find: 'FOREST' });
    expect(found.map((row) => [row.rank, row.name])).toEqual([[3, 'Trees 10']]);
  });

  it('are put in order, what has no value last either way', () => {
    const rows = boardRows(TRIALS, [ENSEMBLE], [{ name: 'Trees 3', weight: 0.6 }], true);
    expect(names(arranged(rows, { sort: 'fit' }))).toEqual(['Trees 0', 'Trees 1', 'Trees 2', 'Trees 3', 'Trees 10', 'Ensemble']);
    expect(names(arranged(rows, { sort: 'fit', turned: true })).at(-1)).toBe('Ensemble');
    expect(names(arranged(rows, { sort: 'name' })).slice(-2)).toEqual(['Trees 3', 'Trees 10']);
    expect(names(arranged(rows, { sort: 'share' }))[0]).toBe('Trees 3');
    expect(names(arranged(rows, { turned: true })).at(-1)).toBe('Trees 2');
  });
});

it('reads what a URL says of the leaderboard', () => {
  expect(readBoard({ sort: 'fit', turned: true, find: ' cat ', page: 2 })).toEqual({ sort: 'fit', turned: true, find: 'cat' });
  expect(readBoard({ sort: 'rank', turned: 'yes', find: '', trial: '' })).toEqual({});
  expect(readBoard({ trial: 't1' })).toEqual({ trial: 't1' });
});
