// Which pairs of columns go together, as the page shows them.
import type { AssociationMeasure } from '../../gql/graphql';

export type Pair = { left: string; right: string; value: number; measuredBy: AssociationMeasure | null };

/** From this strength on, a column nearly repeats the target: what it says may not be known before the answer is. */
export const SUSPECT = 0.98;

export const MEASURES: Record<AssociationMeasure, string> = {
  PEARSON: 'correlation',
  CRAMERS_V: 'Cramér’s V',
  CORRELATION_RATIO: 'correlation ratio',
};

export type WithTarget = { column: string; value: number; measuredBy: AssociationMeasure | null };

/** The pairs that the target is in, with the other column of each, and the rest; both in the order given. */
export function splitByTarget(pairs: readonly Pair[], target: string | null): { withTarget: WithTarget[]; others: Pair[] } {
  const withTarget: WithTarget[] = [];
  const others: Pair[] = [];
  for (const pair of pairs) {
    const { left, right, value, measuredBy } = pair;
    if (target !== null && left === target) withTarget.push({ column: right, value, measuredBy });
    else if (target !== null && right === target) withTarget.push({ column: left, value, measuredBy });
    else others.push(pair);
  }
  return { withTarget, others };
}

/** "−0.83 · correlation". */
export function strengthText(value: number, measuredBy: AssociationMeasure | null): string {
  const number = Math.abs(value).toFixed(2);
  const signed = value < 0 ? `−${number}` : number;
  const measure = measureName(measuredBy);
  return measure ? `${signed} · ${measure}` : signed;
}

/** Null for a way of a newer server. */
export function measureName(measuredBy: AssociationMeasure | null): string | null {
  return measuredBy === null ? null : ((MEASURES as Partial<Record<string, string>>)[measuredBy] ?? null);
}
