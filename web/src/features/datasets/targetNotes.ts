// What should be known of a target before anything is trained, in words.
import type { ProblemType } from '../../gql/graphql';
import { formatCount, formatNumber, formatPercent } from '../../lib/format';

export type TargetFigures = {
  missing: number;
  distinct: number;
  topValues: readonly { value: string; count: number }[];
  mean: number | null;
  median: number | null;
  sd: number | null;
};

/** A class with less of the rows is rare: an answer that never names it is right nearly always. */
const RARE_SHARE = 0.1;
/** With fewer rows of a class, its scores are mostly chance. */
const FEW_ROWS = 20;
/** Mean and median further apart than this many standard deviations: a long tail. */
const SKEWED = 0.3;

/** Notes on balance and tails; none when there is nothing to say. `rows` are those that were looked at. */
export function targetNotes(problem: ProblemType, column: TargetFigures, rows: number): string[] {
  return problem === 'REGRESSION' ? tailNotes(column) : balanceNotes(column, rows);
}

function balanceNotes({ missing, distinct, topValues }: TargetFigures, rows: number): string[] {
  // Of many classes only the most frequent are known.
  if (topValues.length === 0 || topValues.length < distinct) return [];
  const known = Math.max(1, rows - missing);
  const rarest = topValues.reduce((least, one) => (one.count < least.count ? one : least));
  const notes: string[] = [];
  const share = rarest.count / known;
  if (share < RARE_SHARE && share < 0.5 / distinct) {
    notes.push(
      `Unbalanced: only ${formatPercent(share)} of the rows are “${rarest.value}”. Accuracy would flatter a model that never finds them; ` +
        'the automatic choice does not judge by it.',
    );
  }
  if (rarest.count < FEW_ROWS) {
    notes.push(`“${rarest.value}” occurs ${rarest.count === 1 ? 'once' : `${formatCount(rarest.count)} times`}; how well it is recognised cannot be said with certainty.`);
  }
  return notes;
}

function tailNotes({ mean, median, sd }: TargetFigures): string[] {
  if (mean === null || median === null || sd === null || sd === 0 || Math.abs(mean - median) <= SKEWED * sd) return [];
  const tail = mean > median ? 'few large values pull the mean up' : 'few small values pull the mean down';
  return [
    `Skewed: ${tail}, to ${formatNumber(mean)}, while half of the rows are below ${formatNumber(median)}. RMSE is ruled by those few; ` +
      'mean absolute error is not.',
  ];
}
