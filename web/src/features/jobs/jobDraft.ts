// What the form holds, and what of it is sent. Only what differs from "automatic" travels, so that the server's rules decide the rest.
import type { ColumnRole, CreateJobInput, GpuChoice, Metric, MonotoneDirection, Preset, ProblemType, ThresholdGoal, ValidationInput, ValidationKind } from '../../gql/graphql';
import { METRICS } from '../../lib/metrics';

export type JobDraft = {
  name: string;
  problem: ProblemType | 'AUTO';
  metric: Metric | 'AUTO';
  preset: Preset;
  /** Whole minutes as typed, or seconds of one of the offered budgets. */
  budgetSeconds: number;
  seed: string;
  gpu: GpuChoice;
  exclude: readonly string[];
  roles: Readonly<Record<string, ColumnRole>>;
  validation: ValidationKind;
  /** As typed; counts for FOLDS alone. */
  folds: string;
  /** By what rows are ordered or grouped; counts for TIME and GROUP alone. */
  validationColumn: string | null;
  weightColumn: string | null;
  threshold: ThresholdGoal | 'AUTO';
  /** Per cent as typed; counts for RECALL and PRECISION alone. */
  atLeast: string;
  monotone: Readonly<Record<string, MonotoneDirection>>;
  /** Milliseconds as typed; empty: as long as it takes. */
  maxLatency: string;
};

export const SHORTEST_SECONDS = 10;
export const LONGEST_SECONDS = 24 * 3600;

/** The budget that a table of this many rows starts with: under 1,000 2 min, under 10,000 5 min, under 50,000 10 min, else 20 min. */
export function defaultBudget(rows: number): number {
  if (rows < 1000) return 120;
  if (rows < 10_000) return 300;
  if (rows < 50_000) return 600;
  return 1200;
}

/** Everything automatic, but for roles that were changed before: those that leave a column out are exclusions. */
export function emptyDraft(rows: number, overrides: Readonly<Record<string, ColumnRole>> = {}): JobDraft {
  const given = Object.entries(overrides);
  return {
    name: '',
    problem: 'AUTO',
    metric: 'AUTO',
    preset: 'BALANCED',
    budgetSeconds: defaultBudget(rows),
    seed: '',
    gpu: 'ALLOWED',
    exclude: given.filter(([, role]) => role === 'EXCLUDED').map(([column]) => column),
    roles: Object.fromEntries(given.filter(([, role]) => role !== 'EXCLUDED')),
    validation: 'AUTO',
    folds: '5',
    validationColumn: null,
    weightColumn: null,
    threshold: 'AUTO',
    atLeast: '90',
    monotone: {},
    maxLatency: '',
  };
}

/** Roles and exclusions as one, as the URL has them. A column that is left out has its other role no more. */
export function overridesOf(draft: JobDraft): Record<string, ColumnRole> {
  return { ...draft.roles, ...Object.fromEntries(draft.exclude.map((column) => [column, 'EXCLUDED' as const])) };
}

/** A number as people type it, with a point or a comma; null when it is none. */
export function parseTyped(text: string): number | null {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(number) ? null : number;
}

/** Seconds from what was typed as minutes, or null when that is no time that a job may take. */
export function parseMinutes(text: string): number | null {
  const minutes = parseTyped(text);
  if (minutes === null) return null;
  const seconds = Math.round(minutes * 60);
  return seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS ? seconds : null;
}

/** What is wrong with a seed as typed, or null. */
export function refuseSeed(text: string): string | null {
  if (text.trim() === '') return null;
  return /^\d{1,15}$/.test(text.trim()) ? null : 'A whole number of at most 15 digits.';
}

/** The draft with another problem; a metric or a threshold that does not fit it goes back to automatic. */
export function withProblem(draft: JobDraft, problem: ProblemType | 'AUTO', advised: ProblemType): JobDraft {
  const meant = problem === 'AUTO' ? advised : problem;
  const keeps = draft.metric === 'AUTO' || METRICS[draft.metric].problems.includes(meant);
  return { ...draft, problem, metric: keeps ? draft.metric : 'AUTO', threshold: meant === 'BINARY' ? draft.threshold : 'AUTO' };
}

/** Whether the goal needs to be told how much. */
export function needsShare(goal: JobDraft['threshold']): boolean {
  return goal === 'RECALL' || goal === 'PRECISION';
}

/** Whether rows are ordered or grouped by a column. */
export function isByColumn(kind: ValidationKind): boolean {
  return kind === 'TIME' || kind === 'GROUP';
}

/** The mutation's input. */
export function toInput(draft: JobDraft, datasetId: string, target: string): CreateJobInput {
  const input: CreateJobInput = { datasetId, target, budgetSeconds: draft.budgetSeconds, preset: draft.preset };
  if (draft.name.trim() !== '') input.name = draft.name.trim();
  if (draft.problem !== 'AUTO') input.problem = draft.problem;
  if (draft.metric !== 'AUTO') input.metric = draft.metric;
  if (draft.seed.trim() !== '') input.seed = Number(draft.seed.trim());
  if (draft.gpu !== 'ALLOWED') input.gpu = draft.gpu;
  const exclude = draft.exclude.filter((column) => column !== target);
  if (exclude.length > 0) input.exclude = exclude;
  const roles = Object.entries(draft.roles)
    .filter(([column]) => column !== target && !exclude.includes(column))
    .map(([column, role]) => ({ column, role }));
  if (roles.length > 0) input.roles = roles;
  const validation = toValidation(draft);
  if (validation) input.validation = validation;
  if (draft.weightColumn !== null) input.weightColumn = draft.weightColumn;
  if (draft.threshold !== 'AUTO') input.threshold = { goal: draft.threshold, ...(needsShare(draft.threshold) ? { atLeast: shareOf(draft.atLeast) } : {}) };
  const monotone = Object.entries(draft.monotone).map(([column, direction]) => ({ column, direction }));
  if (monotone.length > 0) input.monotone = monotone;
  const milliseconds = parseTyped(draft.maxLatency);
  if (milliseconds !== null) input.maxLatencyMilliseconds = milliseconds;
  return input;
}

function toValidation({ validation: kind, folds, validationColumn: column }: JobDraft): ValidationInput | null {
  if (kind === 'AUTO') return null;
  if (kind === 'FOLDS') return { kind, folds: Number(folds) };
  return isByColumn(kind) ? { kind, column } : { kind };
}

/** 0.9 of "90": a share without the noise of a division. */
function shareOf(percent: string): number {
  return Number(((parseTyped(percent) ?? 0) / 100).toFixed(6));
}
