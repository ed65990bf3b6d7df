// What a job was or will be asked to do, in words.
import type { Metric, MonotoneDirection, ThresholdGoal, ValidationKind } from '../../gql/graphql';
import { formatNumber, formatPercent } from '../../lib/format';

export const VALIDATIONS: Record<ValidationKind, { name: string; meaning: string }> = {
  AUTO: { name: 'Automatic', meaning: 'One split or several folds, as rows and time allow.' },
  HOLDOUT: { name: 'One split', meaning: 'Each model learns from one part of the rows and is judged on the other. Quick, less exact.' },
  FOLDS: { name: 'Folds', meaning: 'The rows are dealt into several parts; each part judges once what was learned from the others. Exact, takes several fits.' },
  TIME: { name: 'In order of time', meaning: 'Models learn from earlier rows and are judged on later ones, as in use. For everything that changes with time.' },
  GROUP: { name: 'By groups', meaning: 'Rows of one group, such as one customer, stay together, so that models are judged on groups they have not seen.' },
};

export const THRESHOLDS: Record<ThresholdGoal, { name: string; meaning: string }> = {
  F1: { name: 'Best F1', meaning: 'Finds many of the second class without too many false alarms.' },
  BALANCED_ACCURACY: { name: 'Best balanced accuracy', meaning: 'Both classes are recognised equally well, however rare one is.' },
  MCC: { name: 'Best Matthews correlation', meaning: 'Answers agree with the truth as closely as possible; fair when one class is rare.' },
  RECALL: { name: 'Find at least a share', meaning: 'At least this share of the second class is found, with as few false alarms as that allows.' },
  PRECISION: { name: 'Be right at least a share of times', meaning: 'Of the rows that are called the second class at least this share is; as many as possible are found.' },
};

export const DIRECTIONS: Record<MonotoneDirection, { name: string }> = { RISING: { name: 'Rises' }, FALLING: { name: 'Falls' } };

type Validation = { kind: ValidationKind; folds?: number | null; column?: string | null };
type Threshold = { goal: ThresholdGoal; atLeast?: number | null };
type Monotone = { column: string; direction: MonotoneDirection };

/** "5 folds", "in the order of sold_at". */
export function validationWords({ kind, folds, column }: Validation): string {
  switch (kind) {
    case 'AUTO':
      return 'automatic';
    case 'HOLDOUT':
      return 'one split';
    case 'FOLDS':
      return `${folds ?? 'several'} folds`;
    case 'TIME':
      return `in the order of ${column ?? 'a column'}`;
    case 'GROUP':
      return `whole groups of ${column ?? 'a column'}`;
    default:
      // Of a newer server.
      return String(kind).toLowerCase();
  }
}

/** "best F1", "recall of at least 90%". */
export function thresholdWords({ goal, atLeast }: Threshold): string {
  const share = formatPercent(atLeast ?? 0);
  if (goal === 'RECALL') return `recall of at least ${share}`;
  if (goal === 'PRECISION') return `precision of at least ${share}`;
  const name = (THRESHOLDS as Partial<Record<string, { name: string }>>)[goal]?.name ?? goal;
  return name.replace('Best ', 'best ');
}

const NAMED = 5;

/** "a, b and 3 others". */
export function listWords(names: readonly string[]): string {
  if (names.length > NAMED) return `${names.slice(0, NAMED - 1).join(', ')} and ${names.length - NAMED + 1} others`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** "rises with a and b; falls with c". */
export function monotoneWords(monotone: readonly Monotone[]): string {
  const going = (direction: MonotoneDirection) => listWords(monotone.filter((one) => one.direction === direction).map((one) => one.column));
  const [rising, falling] = [going('RISING'), going('FALLING')];
  return [rising ? `rises with ${rising}` : '', falling ? `falls with ${falling}` : ''].filter(Boolean).join('; ');
}

export function latencyWords(milliseconds: number): string {
  return `${formatNumber(milliseconds)} ms`;
}

type Asked = {
  validation?: Validation | null;
  weightColumn?: string | null;
  threshold?: Threshold | null;
  monotone?: readonly Monotone[] | null;
  maxLatencyMilliseconds?: number | null;
  metric?: Metric | null;
};

/** What differs from automatic, a sentence each. */
export function runSentences({ validation, weightColumn, threshold, monotone, maxLatencyMilliseconds }: Asked): string[] {
  const sentences: string[] = [];
  if (validation) sentences.push(validationSentence(validation));
  if (weightColumn) sentences.push(`Rows count by ${weightColumn}, in learning and in scores.`);
  if (threshold) sentences.push(`Where it decides between the two classes is chosen for ${articleOf(threshold)} ${thresholdWords(threshold)}.`);
  if (monotone && monotone.length > 0) sentences.push(`The prediction only ${monotoneWords(monotone).replace('; falls', ', and only falls')}.`);
  if (typeof maxLatencyMilliseconds === 'number') sentences.push(`Models that take more than ${latencyWords(maxLatencyMilliseconds)} for a row are left out.`);
  return sentences;
}

function validationSentence(validation: Validation): string {
  const { kind, column } = validation;
  if (kind === 'TIME') return `Models learn from earlier rows and are judged on later ones, in the order of ${column ?? 'a column'}; the latest rows give the final score.`;
  if (kind === 'GROUP') return `No group of ${column ?? 'a column'} is both learned from and judged on.`;
  return `Models are compared by ${validationWords(validation)}.`;
}

function articleOf({ goal }: Threshold): string {
  return goal === 'RECALL' || goal === 'PRECISION' ? 'a' : 'the';
}
