// How a trial is told in words.
import type { TrialStopReason } from '../../gql/graphql';
import { formatNumber } from '../../lib/format';

export const STOP_REASONS: Record<TrialStopReason, string> = {
  FINISHED: 'all rounds were done',
  CONVERGED: 'the loss did not fall any more',
  DEADLINE: 'its time was up; the best so far was kept',
};

/** Names and values of hyperparameters, parts of parts by their path; nothing where they are no object. */
export function parameterLines(parameters: unknown): [string, string][] {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return [];
  return Object.entries(parameters).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const words = name.replaceAll('_', ' ');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return parameterLines(value).map(([inner, text]) => [`${words} · ${inner}`, text]);
    return [[words, typeof value === 'number' ? formatNumber(value) : typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}
