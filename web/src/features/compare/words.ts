import type { JobSettingName } from '../../gql/graphql';

export const SETTING_NAMES: Record<JobSettingName, { name: string }> = {
  DATASET: { name: 'Dataset' },
  TARGET: { name: 'Target' },
  PROBLEM: { name: 'Question' },
  METRIC: { name: 'Metric' },
  BUDGET_SECONDS: { name: 'Budget, seconds' },
  PRESET: { name: 'Effort' },
  SEED: { name: 'Seed' },
  EXCLUDE: { name: 'Columns left out' },
  ROLES: { name: 'Roles' },
  GPU: { name: 'GPU' },
  VALIDATION: { name: 'Validation' },
  WEIGHT_COLUMN: { name: 'Column of weights' },
  THRESHOLD: { name: 'Goal of the threshold' },
  MONOTONE: { name: 'Rising and falling' },
  MAX_LATENCY_MILLISECONDS: { name: 'Longest answer, ms' },
};
