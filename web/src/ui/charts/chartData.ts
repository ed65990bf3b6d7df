// The numbers behind a chart: for the table that says the same, and for the file that a spreadsheet opens.

export type Cell = string | number | null;
export type ChartData = {
  /** What the chart shows, short; files are named after it. */
  name: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
};

/** A table by RFC 4180, numbers with a point whatever the locale. */
export function toCsv({ columns, rows }: ChartData): string {
  return [columns, ...rows].map((row) => `${row.map(quote).join(',')}\r\n`).join('');
}

function quote(cell: Cell): string {
  if (cell === null) return '';
  const text = typeof cell === 'number' ? String(cell) : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A file name that every system takes. */
export function fileNameOf(name: string, ending: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `${plain.slice(0, 80) || 'chart'}.${ending}`;
}
