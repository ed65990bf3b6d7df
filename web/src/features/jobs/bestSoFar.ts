// The best score over time, from finished trials.
import type { LiveTrial } from './useTrials';

export type ScoredMoment = { seconds: number; score: number; name: string };

/** Finished and scored trials by the time they ended, in seconds since `startedAt`. */
export function scoredMoments(trials: readonly LiveTrial[], startedAt: string): ScoredMoment[] {
  const begun = Date.parse(startedAt);
  const moments: ScoredMoment[] = [];
  for (const trial of trials) {
    if (trial.state !== 'COMPLETED' || trial.score === null || trial.finishedAt === null) continue;
    moments.push({ seconds: Math.max(0, (Date.parse(trial.finishedAt) - begun) / 1000), score: trial.score, name: trial.name });
  }
  return moments.sort((left, right) => left.seconds - right.seconds);
}

/** Only the moments at which the best became better. */
export function improvements(moments: readonly ScoredMoment[], higherIsBetter: boolean): ScoredMoment[] {
  const steps: ScoredMoment[] = [];
  for (const moment of moments) {
    const best = steps.at(-1);
    if (!best || (higherIsBetter ? moment.score > best.score : moment.score < best.score)) steps.push(moment);
  }
  return steps;
}
