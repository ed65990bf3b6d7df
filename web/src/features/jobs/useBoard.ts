import { useMemo } from 'react';
import { arranged, boardRows, type BoardRow, type BoardSort, type Ensemble } from './board';
import type { LiveTrial } from './useTrials';

type Members = readonly { name: string; weight: number }[];
type Arrangement = { sort: BoardSort; turned: boolean; find: string };

/** The rows of the leaderboard, and those that are meant in the order that is wanted; each is worked out only when something changed. */
export function useBoard(
  trials: readonly LiveTrial[],
  ensembles: readonly Ensemble[],
  members: Members,
  higherIsBetter: boolean,
  { sort, turned, find }: Arrangement,
): { rows: readonly BoardRow[]; listed: readonly BoardRow[] } {
  const rows = useMemo(() => boardRows(trials, ensembles, members, higherIsBetter), [trials, ensembles, members, higherIsBetter]);
  const listed = useMemo(() => arranged(rows, { sort, turned, find }), [rows, sort, turned, find]);
  return { rows, listed };
}
