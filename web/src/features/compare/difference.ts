// What jobs differ in.

/** From the first to the second of two values, else from the smallest to the largest; null with fewer than two. */
export function differenceOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const [first = 0, second = 0] = known;
  if (values.length === 2) return second - first;
  return Math.max(...known) - Math.min(...known);
}

/** Whether all say the same, as told. */
export function areSame(cells: readonly (string | null)[]): boolean {
  return cells.every((cell) => cell === cells[0]);
}
