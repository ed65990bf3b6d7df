// What a job would take, in one sentence.
import { formatBytes, formatCount, formatCounted, formatDuration } from '../../lib/format';
import type { Estimate } from './useEstimate';

export type Forecast = NonNullable<Estimate['forecast']>;

/** Learners that are named before "and others". */
const NAMED = 3;

function span(low: string, high: string | null): string {
  if (high === null) return `${low} or more`;
  return low === high ? low : `${low} to ${high}`;
}

/** Trials, time, memory and what is likely to run. */
export function describeForecast(forecast: Forecast): string {
  const { trials, seconds, memoryBytes } = forecast;
  const high = trials.high === null ? null : formatCount(trials.high);
  // The first one is the baseline, which is no model to wait for.
  const titles = forecast.learners.slice(1).map((learner) => learner.title);
  const named = titles.slice(0, NAMED).join(', ') + (titles.length > NAMED ? ' and others' : '');
  const learners = titles.length > 0 ? `, mostly of ${named}` : '';
  const memory = memoryBytes.high === null ? '' : `, with up to ${formatBytes(memoryBytes.high)} of memory each`;
  return `Likely ${span(formatCount(trials.low), high)} trials${learners}, in ${span(formatDuration(Math.round(seconds.low)), formatDuration(Math.round(seconds.high)))}${memory}.`;
}

/** What rows are learned from, kept for the end, and how often a trial is fitted. */
export function describeRows({ trainingRows, holdoutRows, folds }: Forecast): string {
  const fits = folds > 1 ? `each trial is fitted ${formatCount(folds)} times, once a fold` : 'each trial is fitted once';
  return `${formatCounted(trainingRows, 'row')} to learn from, ${formatCount(holdoutRows)} kept for the final score; ${fits}.`;
}
