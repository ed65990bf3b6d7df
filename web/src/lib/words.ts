// The words of the domain as the pages show them.
import type {
  ColumnRole,
  DownloadKind,
  FileCompression,
  FileType,
  GpuChoice,
  JobState,
  Preset,
  ProblemType,
  StepName,
  StepState,
  TextEncoding,
  TrialState,
} from '../gql/graphql';

export const PROBLEMS: Record<ProblemType, { name: string; meaning: string }> = {
  BINARY: { name: 'Yes / no classification', meaning: 'The answer is one of two classes.' },
  MULTICLASS: { name: 'Classification', meaning: 'The answer is one of several classes.' },
  REGRESSION: { name: 'Regression', meaning: 'The answer is a number.' },
};

export const PRESETS: Record<Preset, { name: string; meaning: string }> = {
  QUICK: { name: 'Quick', meaning: 'A good model soon: one validation split and a few learners.' },
  BALANCED: { name: 'Balanced', meaning: 'Every learner, cross-validated where the time allows. Right for most tables.' },
  BEST: { name: 'Best', meaning: 'Always cross-validated, and the whole time is used.' },
};

export const GPU_CHOICES: Record<GpuChoice, { name: string; meaning: string }> = {
  ALLOWED: { name: 'Allowed', meaning: 'Used where one is free and it pays.' },
  WANTED: { name: 'Wanted', meaning: 'What can use one waits for it.' },
  NO: { name: 'No', meaning: 'Never used.' },
};

export const ROLES: Record<ColumnRole, { name: string; meaning: string }> = {
  NUMBER: { name: 'Number', meaning: 'Used as a quantity.' },
  CATEGORY: { name: 'Category', meaning: 'Used as a label.' },
  DATE: { name: 'Date', meaning: 'Year, month, weekday and so on are used.' },
  TEXT: { name: 'Text', meaning: 'The words are used.' },
  ID: { name: 'Id', meaning: 'Nearly every row has its own value: left out.' },
  CONSTANT: { name: 'Constant', meaning: 'Nearly always one value: left out.' },
  DUPLICATE: { name: 'Duplicate', meaning: 'Says the same as another column: left out.' },
  EXCLUDED: { name: 'Excluded', meaning: 'Left out by you.' },
};

export const FILE_TYPES: Record<FileType, { name: string }> = {
  CSV: { name: 'CSV' },
  JSON_LINES: { name: 'JSON lines' },
  PARQUET: { name: 'Parquet' },
};

export const ENCODINGS: Record<TextEncoding, { name: string }> = {
  UTF_8: { name: 'UTF-8' },
  UTF_16LE: { name: 'UTF-16' },
  UTF_16BE: { name: 'UTF-16' },
  WINDOWS_1252: { name: 'Windows-1252' },
};

export const COMPRESSIONS: Record<FileCompression, { name: string }> = {
  NONE: { name: 'not packed' },
  GZIP: { name: 'gzip' },
  ZSTD: { name: 'zstd' },
};

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

export const JOB_STATES: Record<JobState, { name: string; tone: Tone }> = {
  QUEUED: { name: 'Waiting', tone: 'neutral' },
  RUNNING: { name: 'Running', tone: 'accent' },
  FINISHING: { name: 'Finishing', tone: 'accent' },
  COMPLETED: { name: 'Completed', tone: 'good' },
  FAILED: { name: 'Failed', tone: 'bad' },
  CANCELLING: { name: 'Cancelling', tone: 'warn' },
  CANCELLED: { name: 'Cancelled', tone: 'neutral' },
};

export const TRIAL_STATES: Record<TrialState, { name: string; tone: Tone }> = {
  QUEUED: { name: 'Waiting', tone: 'neutral' },
  RUNNING: { name: 'Running', tone: 'accent' },
  COMPLETED: { name: 'Done', tone: 'good' },
  FAILED: { name: 'Failed', tone: 'bad' },
  CANCELLED: { name: 'Stopped', tone: 'neutral' },
};

export const STEPS: Record<StepName, { name: string; meaning: string }> = {
  VALIDATE: { name: 'Check', meaning: 'The table and the target are checked.' },
  PREPARE: { name: 'Prepare', meaning: 'Rows are set aside for the final test, columns are typed.' },
  TRAIN: { name: 'Train', meaning: 'Many models are tried and scored.' },
  ASSEMBLE: { name: 'Assemble', meaning: 'The best are combined, tested on unseen rows and exported.' },
  NOTIFY: { name: 'Notify', meaning: 'You get a mail, if you want one.' },
};

export const STEP_STATES: Record<StepState, string> = {
  PENDING: 'waiting',
  RUNNING: 'running',
  COMPLETED: 'done',
  FAILED: 'failed',
  SKIPPED: 'skipped',
};

export const DOWNLOADS: Record<DownloadKind, { name: string; meaning: string }> = {
  ONNX: { name: 'ONNX model', meaning: 'Runs anywhere with onnxruntime: raw values in, answer out.' },
  MODEL: { name: 'Native model', meaning: 'For automl predict.' },
  LEADERBOARD: { name: 'Leaderboard', meaning: 'Every model and its score, as CSV.' },
  REPORT: { name: 'Report', meaning: 'One HTML page that needs nothing else.' },
  MODEL_CARD: { name: 'Model card', meaning: 'What it is, what it was made from and where it is weak, as Markdown; what only you know is left open.' },
  HOLDOUT_PREDICTIONS: { name: 'Holdout predictions', meaning: 'The answer to each test row, as CSV.' },
  RUN_LOG: { name: 'Run record', meaning: 'Settings, seed, versions and decisions, as JSON.' },
  PROVENANCE: { name: 'Provenance', meaning: 'What automl verify holds the other files against: hashes, split, seed, decisions, certificate.' },
  DATA_REPORT: { name: 'Report of the data', meaning: 'What is in the table, as one HTML page.' },
};

const TERMINAL: readonly JobState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

/** Whether nothing will change any more. */
export function isTerminal(state: JobState): boolean {
  return TERMINAL.includes(state);
}

/** The entry of a table of words; a value that a newer server invented is shown as it is, in small letters. */
export function wordsOf<Entry extends { name: string }>(table: Record<string, Entry>, key: string): { name: string } & Partial<Entry> {
  return table[key] ?? ({ name: key.toLowerCase().replaceAll('_', ' ') } as { name: string } & Partial<Entry>);
}
