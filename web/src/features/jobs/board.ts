// The rows of the leaderboard: made of trials and ensembles, found and put in order. All of it on this side, so that neither waits for the server.
import type { LeaderboardKind, TrialState } from '../../gql/graphql';
import type { LiveTrial } from './useTrials';

export type BoardRow = {
  key: string;
  /** From 1, best first; null without a score. */
  rank: number | null;
  name: string;
  kind: LeaderboardKind;
  learner: string;
  score: number | null;
  scoreSd: number | null;
  fitSeconds: number | null;
  weight: number | null;
  state: TrialState;
  error: string | null;
};

export type Ensemble = { kind: LeaderboardKind; name: string; score: number | null };
export type BoardSort = 'rank' | 'name' | 'fit' | 'share';
/** As it stands in the URL of the job: the best first when nothing is there. */
export type BoardSearch = { sort?: Exclude<BoardSort, 'rank'>; turned?: true; find?: string; /** Id of the trial that is shown. */ trial?: string };

const SORTS: readonly BoardSort[] = ['rank', 'name', 'fit', 'share'];
const BASELINE = 'baseline';

/** A URL's parameters; whatever is none of them is dropped. */
export function readBoard(search: Record<string, unknown>): BoardSearch {
  const read: BoardSearch = {};
  const sort = SORTS.find((one) => one === search.sort);
  if (sort && sort !== 'rank') read.sort = sort;
  if (search.turned === true) read.turned = true;
  const find = typeof search.find === 'string' || typeof search.find === 'number' ? String(search.find).trim().slice(0, 100) : '';
  if (find !== '') read.find = find;
  if (typeof search.trial === 'string' && search.trial !== '') read.trial = search.trial;
  return read;
}

/** Trials and ensembles, best first; equals in the order of their numbers, ensembles last, and those without a score at the end. */
export function boardRows(trials: readonly LiveTrial[], ensembles: readonly Ensemble[], members: readonly { name: string; weight: number }[], higherIsBetter: boolean): BoardRow[] {
  const weights = new Map(members.map((member) => [member.name, member.weight]));
  const rows: BoardRow[] = trials.map((trial) => ({
    key: trial.id,
    rank: null,
    name: trial.name,
    kind: trial.learner === BASELINE ? 'BASELINE' : 'TRIAL',
    learner: trial.learner,
    score: trial.score,
    scoreSd: trial.scoreSd,
    fitSeconds: trial.fitSeconds,
    weight: weights.get(trial.name) ?? null,
    state: trial.state,
    error: trial.error,
  }));
  for (const { kind, name, score } of ensembles) {
    rows.push({ key: kind, rank: null, name, kind, learner: 'ensemble', score, scoreSd: null, fitSeconds: null, weight: null, state: 'COMPLETED', error: null });
  }
  const sign = higherIsBetter ? -1 : 1;
  // What answers is told first where nothing is known of its place.
  rows.sort((left, right) => byValue(left.score, right.score, sign, left.kind === 'ENSEMBLE', right.kind === 'ENSEMBLE'));
  let rank = 0;
  for (const row of rows) if (row.score !== null) row.rank = rank += 1;
  return rows;
}

function byValue(left: number | null, right: number | null, sign: number, leftFirst = false, rightFirst = false): number {
  if (left !== null && right !== null) return sign * (left - right);
  if (left === null && right === null) return Number(rightFirst) - Number(leftFirst);
  return left === null ? (leftFirst ? -1 : 1) : rightFirst ? 1 : -1;
}

/** The rows that are meant, in the order that is wanted; what has no value there comes last either way. */
export function arranged(rows: readonly BoardRow[], { sort = 'rank', turned = false, find = '' }: { sort?: BoardSort; turned?: boolean; find?: string }): BoardRow[] {
  const wanted = find.toLowerCase();
  const meant = wanted === '' ? [...rows] : rows.filter((row) => row.name.toLowerCase().includes(wanted) || row.learner.toLowerCase().includes(wanted));
  const sign = turned ? -1 : 1;
  if (sort === 'name') return meant.sort((left, right) => sign * left.name.localeCompare(right.name, undefined, { numeric: true }));
  if (sort === 'fit') return meant.sort((left, right) => byValue(left.fitSeconds, right.fitSeconds, sign));
  if (sort === 'share') return meant.sort((left, right) => byValue(left.weight, right.weight, -sign));
  return turned ? meant.sort((left, right) => byValue(left.rank, right.rank, -1)) : meant;
}
