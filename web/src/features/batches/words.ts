import type { BatchPredictionState, DriftLevel } from '../../gql/graphql';
import type { Tone } from '../../lib/words';

export const BATCH_STATES: Record<BatchPredictionState, { name: string; tone: Tone }> = {
  QUEUED: { name: 'Waiting', tone: 'neutral' },
  RUNNING: { name: 'Running', tone: 'accent' },
  COMPLETED: { name: 'Completed', tone: 'good' },
  FAILED: { name: 'Failed', tone: 'bad' },
  CANCELLED: { name: 'Cancelled', tone: 'neutral' },
};

export const DRIFT_LEVELS: Record<DriftLevel, { name: string; tone: Tone }> = {
  NONE: { name: 'As in training', tone: 'good' },
  MODERATE: { name: 'Worth a look', tone: 'warn' },
  LARGE: { name: 'Different', tone: 'bad' },
};

/** Whether it has ended. */
export function hasEnded(state: BatchPredictionState): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'CANCELLED';
}
