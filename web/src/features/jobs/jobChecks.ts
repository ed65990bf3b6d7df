// What cannot be used together, said beside the field before anything is sent. The server checks all of it again, and more.
import type { ColumnKind, ColumnRole, ProblemType } from '../../gql/graphql';
import { isLeftOut } from '../datasets/overrides';
import { isByColumn, needsShare, parseTyped, refuseSeed, type JobDraft } from './jobDraft';

export type FormColumn = { name: string; role: ColumnRole; valueKind: ColumnKind | null; missing: number; distinct: number };

/** A field of `CreateJobInput`, as the server names it in its user errors. */
export type FieldName = 'name' | 'problem' | 'metric' | 'budgetSeconds' | 'seed' | 'exclude' | 'roles' | 'validation' | 'weightColumn' | 'threshold' | 'monotone' | 'maxLatencyMilliseconds';
export type Refusals = Partial<Record<FieldName, string>>;

const LEAST_GROUPS = 3;

/** Whether a column may hold numbers: one of an unknown kind might. */
export function mayBeNumbers(column: FormColumn): boolean {
  return column.valueKind === null || ['NUMERIC', 'INTEGER', 'BOOLEAN', 'ID', 'CONSTANT'].includes(column.valueKind);
}

/** Whether rows may be put in order by it. */
export function mayBeTime(column: FormColumn): boolean {
  return (mayBeNumbers(column) || column.valueKind === 'DATE') && column.distinct > 1;
}

/** Whether it may say which group a row is of; rows without a group are one together. */
export function mayBeGroups(column: FormColumn): boolean {
  return column.distinct + (column.missing > 0 ? 1 : 0) >= LEAST_GROUPS;
}

export function roleIn(draft: JobDraft, column: FormColumn): ColumnRole {
  return (Object.hasOwn(draft.roles, column.name) ? draft.roles[column.name] : undefined) ?? column.role;
}

/** Why a column is no feature although its role would make it one; null when it is one, or when its role says why. */
export function whyNoFeature(draft: JobDraft, column: FormColumn): string | null {
  if (draft.weightColumn === column.name) return 'Says how much a row counts, and is no feature.';
  if (draft.validation === 'GROUP' && draft.validationColumn === column.name && !Object.hasOwn(draft.roles, column.name)) {
    return 'Rows are grouped by it, and it is no feature unless you give it a role.';
  }
  return null;
}

/** Whether the model may learn from it. */
export function isFeature(draft: JobDraft, column: FormColumn): boolean {
  return !draft.exclude.includes(column.name) && !isLeftOut(roleIn(draft, column)) && whyNoFeature(draft, column) === null;
}

/** Why a prediction cannot rise or fall with a column; null when it can. */
export function refuseMonotone(draft: JobDraft, column: FormColumn): string | null {
  if (draft.exclude.includes(column.name)) return 'it is left out';
  const reason = whyNoFeature(draft, column);
  if (reason !== null) return 'it is no feature';
  if (!mayBeNumbers(column)) return 'it holds no numbers, and only numbers have an order';
  const role = roleIn(draft, column);
  if (role === 'CATEGORY') return 'its numbers are used as categories, which have no order';
  return role === 'NUMBER' ? null : 'it is not used as a number';
}

/** Everything that speaks against the draft, by field. */
export function refusalsOf(draft: JobDraft, columns: readonly FormColumn[], problem: ProblemType): Refusals {
  const checks: [FieldName, string | null][] = [
    ['seed', refuseSeed(draft.seed)],
    ['validation', refuseValidation(draft, columns)],
    ['weightColumn', refuseWeights(draft)],
    ['threshold', refuseThreshold(draft, problem)],
    ['monotone', refuseAllMonotone(draft, columns, problem)],
    ['maxLatencyMilliseconds', refuseLatency(draft)],
    ['exclude', columns.some((column) => isFeature(draft, column)) ? null : 'No column is left to learn from. Take at least one back in.'],
  ];
  const refusals: Refusals = {};
  for (const [field, refusal] of checks) if (refusal !== null) refusals[field] = refusal;
  return refusals;
}

function refuseValidation(draft: JobDraft, columns: readonly FormColumn[]): string | null {
  if (draft.validation === 'FOLDS') {
    const folds = parseTyped(draft.folds);
    return folds !== null && Number.isInteger(folds) && folds >= 2 && folds <= 20 ? null : 'A whole number from 2 to 20.';
  }
  if (!isByColumn(draft.validation)) return null;
  const column = columns.find((one) => one.name === draft.validationColumn);
  if (!column) return draft.validation === 'TIME' ? 'Choose the column that says when a row happened.' : 'Choose the column that says which group a row is of.';
  if (draft.validation === 'TIME' && !mayBeTime(column)) return `Rows cannot be put in order by ${column.name}: it holds neither different numbers nor dates.`;
  if (draft.validation === 'GROUP' && !mayBeGroups(column)) return `${column.name} has fewer than ${LEAST_GROUPS} groups; some must be kept apart for scoring.`;
  return null;
}

function refuseWeights(draft: JobDraft): string | null {
  if (draft.weightColumn === null) return null;
  if (isByColumn(draft.validation) && draft.validationColumn === draft.weightColumn) return 'The rows are validated by this column; it cannot be their weight as well.';
  if (Object.hasOwn(draft.roles, draft.weightColumn)) return 'You gave this column a role; a column of weights is no feature. Take the role back first.';
  return null;
}

function refuseThreshold({ threshold, atLeast }: JobDraft, problem: ProblemType): string | null {
  if (threshold === 'AUTO') return null;
  if (problem !== 'BINARY') return 'A threshold decides between two classes; this is another kind of question.';
  if (!needsShare(threshold)) return null;
  const percent = parseTyped(atLeast);
  return percent !== null && percent > 0 && percent <= 100 ? null : 'A percentage above 0, at most 100.';
}

function refuseAllMonotone(draft: JobDraft, columns: readonly FormColumn[], problem: ProblemType): string | null {
  const names = Object.keys(draft.monotone);
  if (names.length === 0) return null;
  if (problem === 'MULTICLASS') return 'Predictions of several classes have no direction; this is for numbers and for two classes.';
  if (draft.metric !== 'AUTO' && draft.metric.startsWith('PINBALL_')) return 'Only the prediction of a mean can be made to rise or fall; choose another metric.';
  for (const name of names) {
    const column = columns.find((one) => one.name === name);
    const reason = column ? refuseMonotone(draft, column) : 'the table has no such column';
    if (reason !== null) return `${name} cannot be used here: ${reason}.`;
  }
  return null;
}

function refuseLatency({ maxLatency }: JobDraft): string | null {
  if (maxLatency.trim() === '') return null;
  const milliseconds = parseTyped(maxLatency);
  return milliseconds !== null && milliseconds >= 0.001 && milliseconds <= 60_000 ? null : 'A number of milliseconds from 0.001 to 60,000.';
}

type ServerError = { message: string; field?: readonly string[] | null };

/** Errors of the server beside their fields; those that are about none of the form's come back as `rest`. */
export function byField(errors: readonly ServerError[]): { fields: Refusals; rest: string[] } {
  const known: readonly string[] = ['name', 'problem', 'metric', 'budgetSeconds', 'seed', 'exclude', 'roles', 'validation', 'weightColumn', 'threshold', 'monotone', 'maxLatencyMilliseconds'];
  const fields: Refusals = {};
  const rest: string[] = [];
  for (const { message, field } of errors) {
    // The path begins with the argument's name.
    const name = field?.find((part) => known.includes(part)) as FieldName | undefined;
    if (name === undefined) rest.push(message);
    else fields[name] = fields[name] === undefined ? message : `${fields[name]} ${message}`;
  }
  return { fields, rest };
}
