// Lines that are told apart without colour as well: two colours of the palette, each with five kinds of dashes.
const DASHES = [undefined, '6 3', '2 3', '8 3 2 3', '1 4'];

/** How the line of the job at that place is drawn. */
export function lineStyle(place: number): { className: string; strokeDasharray: string | undefined } {
  const colour = place % 2 === 0 ? 'stroke-chart' : 'stroke-chart-2';
  return { className: `${colour} stroke-2`, strokeDasharray: DASHES[Math.floor(place / 2) % DASHES.length] };
}
