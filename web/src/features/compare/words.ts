import type { JobSettingName, Metric } from '../../gql/graphql';
import { formatDuration } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { GPU_CHOICES, PRESETS, PROBLEMS, wordsOf } from '../../lib/words';

export const SETTING_NAMES: Record<JobSettingName, { name: string }> = {
  DATASET: { name: 'Dataset' },
  TARGET: { name: 'Target' },
  PROBLEM: { name: 'Question' },
  METRIC: { name: 'Metric' },
  BUDGET_SECONDS: { name: 'Time budget' },
  PRESET: { name: 'Effort' },
  SEED: { name: 'Seed' },
  EXCLUDE: { name: 'Columns left out' },
  ROLES: { name: 'Roles' },
  GPU: { name: 'Graphics card' },
  VALIDATION: { name: 'Validation' },
  WEIGHT_COLUMN: { name: 'Column of weights' },
  THRESHOLD: { name: 'Goal of the threshold' },
  MONOTONE: { name: 'Rising and falling' },
  MAX_LATENCY_MILLISECONDS: { name: 'Time for an answer' },
};

/** A setting as the form has it; what has no words there is told as it came. */
export function settingWords(name: JobSettingName, value: string | null): string | null {
  if (value === null) return null;
  const key = value.toUpperCase();
  switch (name) {
    case 'PROBLEM':
      return wordsOf(PROBLEMS, key).name;
    case 'METRIC':
      return metricName(key as Metric);
    case 'PRESET':
      return wordsOf(PRESETS, key).name;
    case 'GPU':
      return wordsOf(GPU_CHOICES, key).name;
    case 'BUDGET_SECONDS':
      return formatDuration(Number(value));
    case 'MAX_LATENCY_MILLISECONDS':
      return `${value} ms`;
    default:
      return value;
  }
}
