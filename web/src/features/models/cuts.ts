// What a threshold is worth, from the rows on its two sides.

export type Cut = { threshold: number; truePositives: number; falsePositives: number; positives: number; negatives: number };

export type CutFigures = {
  falseNegatives: number;
  trueNegatives: number;
  accuracy: number;
  balancedAccuracy: number;
  /** Null while nothing is predicted to be of the second class. */
  precision: number | null;
  recall: number;
  falseAlarmRate: number;
  f1: number;
  mcc: number | null;
};

/** Both kinds of rows are there: the server tells no cuts without. */
export function figuresOf(cut: Cut): CutFigures {
  const { truePositives: tp, falsePositives: fp, positives, negatives } = cut;
  const fn = positives - tp;
  const tn = negatives - fp;
  const recall = tp / positives;
  const falseAlarmRate = fp / negatives;
  const spread = Math.sqrt((tp + fp) * (tn + fn) * positives * negatives);
  return {
    falseNegatives: fn,
    trueNegatives: tn,
    accuracy: (tp + tn) / (positives + negatives),
    balancedAccuracy: (recall + 1 - falseAlarmRate) / 2,
    precision: tp + fp > 0 ? tp / (tp + fp) : null,
    recall,
    falseAlarmRate,
    f1: (2 * tp) / (2 * tp + fp + fn),
    mcc: spread > 0 ? (tp * tn - fp * fn) / spread : null,
  };
}

/** The place of the cut whose threshold is nearest. */
export function nearest(cuts: readonly Cut[], threshold: number): number {
  return bestBy(cuts, (cut) => -Math.abs(cut.threshold - threshold));
}

/** The place of the cut with the largest worth; of several the first. */
export function bestBy(cuts: readonly Cut[], worth: (cut: Cut) => number): number {
  let best = 0;
  let most = -Infinity;
  cuts.forEach((cut, place) => {
    const value = worth(cut);
    if (value > most) [best, most] = [place, value];
  });
  return best;
}

/** What the wrong answers of a cut cost together. */
export function costOf(cut: Cut, ofMiss: number, ofFalseAlarm: number): number {
  return (cut.positives - cut.truePositives) * ofMiss + cut.falsePositives * ofFalseAlarm;
}

/** A cost as typed: a number that is not negative; else null. */
export function parseCost(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : null;
}
