// What the form holds, and what of it is sent. Only what differs from "automatic" travels, so that the server's rules decide the rest.
import type { ColumnRole, CreateJobInput, GpuChoice, Metric, Preset, ProblemType } from '../../gql/graphql';
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

export function emptyDraft(rows: number): JobDraft {
  return { name: '', problem: 'AUTO', metric: 'AUTO', preset: 'BALANCED', budgetSeconds: defaultBudget(rows), seed: '', gpu: 'ALLOWED', exclude: [], roles: {} };
}

/** Seconds from what was typed as minutes, or null when that is no time that a job may take. */
export function parseMinutes(text: string): number | null {
  const minutes = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(minutes)) return null;
  const seconds = Math.round(minutes * 60);
  return seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS ? seconds : null;
}

/** What is wrong with a seed as typed, or null. */
export function refuseSeed(text: string): string | null {
  if (text.trim() === '') return null;
  return /^\d{1,15}$/.test(text.trim()) ? null : 'A whole number of at most 15 digits.';
}

/** The draft with another problem; a metric that does not fit it goes back to automatic. */
export function withProblem(draft: JobDraft, problem: ProblemType | 'AUTO', advised: ProblemType): JobDraft {
  const meant = problem === 'AUTO' ? advised : problem;
  const keeps = draft.metric === 'AUTO' || METRICS[draft.metric].problems.includes(meant);
  return { ...draft, problem, metric: keeps ? draft.metric : 'AUTO' };
}

/** The mutation's input. */
export function toInput(draft: JobDraft, datasetId: string, target: string): CreateJobInput {
  const input: CreateJobInput = { datasetId, target, budgetSeconds: draft.budgetSeconds, preset: draft.preset };
  if (draft.name.trim() !== '') input.name = draft.name.trim();
  if (draft.problem !== 'AUTO') input.problem = draft.problem;
  if (draft.metric !== 'AUTO') input.metric = draft.metric;
  if (draft.seed.trim() !== '') input.seed = Number(draft.seed.trim());
  if (draft.gpu !== 'ALLOWED') input.gpu = draft.gpu;
  if (draft.exclude.length > 0) input.exclude = [...draft.exclude];
  const roles = Object.entries(draft.roles).map(([column, role]) => ({ column, role }));
  if (roles.length > 0) input.roles = roles;
  return input;
}
