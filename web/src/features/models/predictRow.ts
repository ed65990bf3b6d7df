// From what was typed to the row that is sent.

export type PredictInput = { name: string; kind: 'NUMBER' | 'TEXT'; min: number | null; max: number | null; examples: readonly string[]; typical: string };
export type TypedValues = Readonly<Record<string, string>>;
export type Row = Record<string, number | string | null>;

/** A number as typed, with a decimal point or comma; null when it is none. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replace(/^([-+]?\d+),(\d+)$/, '$1.$2');
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** What is wrong with one field, or null. Blank is never wrong: it means "not known". */
export function refuseValue(input: PredictInput, text: string): string | null {
  if (input.kind !== 'NUMBER' || text.trim() === '') return null;
  return parseNumber(text) === null ? 'This is no number. Leave it blank if it is not known.' : null;
}

/** The row to send, or null while a field is wrong. Blank fields are null: missing. */
export function toRow(inputs: readonly PredictInput[], typed: TypedValues): Row | null {
  const row: Row = {};
  for (const input of inputs) {
    const text = typed[input.name] ?? '';
    if (text.trim() === '') row[input.name] = null;
    else if (input.kind === 'TEXT') row[input.name] = text;
    else {
      const value = parseNumber(text);
      if (value === null) return null;
      row[input.name] = value;
    }
  }
  return row;
}

/** How a slider goes through what training has seen: in whole steps for whole numbers, else in about a hundred round ones. Null without a span. */
export function slideOf(input: PredictInput, text: string): { min: number; max: number; step: number; value: number } | null {
  const { min, max } = input;
  if (input.kind !== 'NUMBER' || min === null || max === null || !(max > min)) return null;
  const isWhole = Number.isInteger(min) && Number.isInteger(max) && Number.isInteger(parseNumber(input.typical) ?? 0.5);
  const step = isWhole && max - min <= 1000 ? 1 : 10 ** Math.floor(Math.log10((max - min) / 50));
  const value = parseNumber(text) ?? parseNumber(input.typical) ?? min;
  // The ends are rounded inwards, so that every value lies on a round step and inside of what was seen.
  return { min: round(Math.ceil(min / step) * step), max: round(Math.floor(max / step) * step), step: round(step), value: Math.min(max, Math.max(min, value)) };
}

const round = (value: number) => Number(value.toPrecision(12));

/** Starts from the typical row, so that there is an answer at once. */
export function typicalValues(inputs: readonly PredictInput[]): TypedValues {
  return Object.fromEntries(inputs.map((input) => [input.name, input.typical]));
}

/** Inputs that matter most first; columns without an importance keep their order at the end. */
export function byImportance(inputs: readonly PredictInput[], importance: readonly { column: string; importance: number }[]): PredictInput[] {
  const weight = new Map(importance.map((one) => [one.column, one.importance]));
  return [...inputs].sort((left, right) => (weight.get(right.name) ?? -Infinity) - (weight.get(left.name) ?? -Infinity) || 0);
}
