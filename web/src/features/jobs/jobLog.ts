// What happened in a job, line by line.
import type { StepName, StepState } from '../../gql/graphql';
import { formatScore } from '../../lib/format';
import { STEPS, TRIAL_STATES, wordsOf } from '../../lib/words';
import type { LiveTrial } from './useTrials';

export type LogLine = { key: string; /** Milliseconds since the epoch. */ at: number; text: string; tone: 'plain' | 'good' | 'bad' };
type Step = { name: StepName; state: StepState; startedAt: string | null; finishedAt: string | null };

/** Begins and ends of steps and trials, the newest first. */
export function logLines(steps: readonly Step[], trials: readonly LiveTrial[], higherIsBetter: boolean): LogLine[] {
  return [...stepLines(steps), ...trialLines(trials, higherIsBetter)].sort((left, right) => right.at - left.at || right.key.localeCompare(left.key));
}

function stepLines(steps: readonly Step[]): LogLine[] {
  const lines: LogLine[] = [];
  for (const { name, state, startedAt, finishedAt } of steps) {
    const step = wordsOf(STEPS, name).name;
    if (startedAt) lines.push({ key: `${name} begins`, at: Date.parse(startedAt), text: `${step} begins`, tone: 'plain' });
    if (!finishedAt || state === 'SKIPPED') continue;
    const failed = state === 'FAILED';
    lines.push({ key: `${name} ends`, at: Date.parse(finishedAt), text: failed ? `${step} failed` : `${step} is done`, tone: failed ? 'bad' : 'plain' });
  }
  return lines;
}

function trialLines(trials: readonly LiveTrial[], higherIsBetter: boolean): LogLine[] {
  const lines: LogLine[] = [];
  let best: number | null = null;
  const ended = trials.filter((trial) => trial.finishedAt !== null).sort((left, right) => Date.parse(left.finishedAt ?? '') - Date.parse(right.finishedAt ?? ''));
  for (const { id, name, state, score, error, finishedAt } of ended) {
    const line = { key: id, at: Date.parse(finishedAt ?? '') };
    if (state === 'COMPLETED' && score !== null) {
      const isBest: boolean = best === null || (higherIsBetter ? score > best : score < best);
      if (isBest) best = score;
      lines.push({ ...line, text: `${name}: ${formatScore(score)}${isBest ? ', the best so far' : ''}`, tone: isBest ? 'good' : 'plain' });
    } else {
      const words = wordsOf(TRIAL_STATES, state).name.toLocaleLowerCase();
      lines.push({ ...line, text: `${name}: ${words}${error ? `. ${error}` : ''}`, tone: state === 'FAILED' ? 'bad' : 'plain' });
    }
  }
  return lines;
}
