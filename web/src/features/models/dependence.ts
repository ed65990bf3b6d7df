// What the curves of partial dependence are drawn from.

export type DependenceOf = {
  column: string;
  classes: readonly string[];
  points: readonly { value: number | null; label: string | null; means: readonly number[] }[];
  lines: readonly (readonly number[])[];
};

export type NumericPoint = { x: number; mean: number };

/** The mean answer along a column of numbers, for one of its classes; null for a column of text. */
export function curveOf(dependence: DependenceOf, output: number): NumericPoint[] | null {
  const curve: NumericPoint[] = [];
  for (const point of dependence.points) {
    const mean = point.means[output];
    if (point.value === null || mean === undefined) return null;
    curve.push({ x: point.value, mean });
  }
  return curve.length > 0 ? curve : null;
}

/** The answers for single rows along the same points: they are told for the first class alone. */
export function rowsOf(dependence: DependenceOf, output: number): readonly (readonly number[])[] {
  return output === 0 ? dependence.lines.filter((line) => line.length === dependence.points.length) : [];
}

/** How far the mean answer moves over all points of a column. */
export function spanOf(dependence: DependenceOf, output: number): number {
  const means = dependence.points.map((point) => point.means[output] ?? 0);
  return means.length === 0 ? 0 : Math.max(...means) - Math.min(...means);
}
