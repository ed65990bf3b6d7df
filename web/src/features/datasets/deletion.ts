import { formatCount } from '../../lib/format';

/** What goes with a dataset, said before it is deleted. `jobs`: how many train or trained on it; null when not known. */
export function deletionConsequence(jobs: number | null): string {
  if (jobs === 0) return 'The table is removed for good. No job was trained on it.';
  const what = jobs === null ? 'its jobs, their models' : jobs === 1 ? 'the job that was trained on it, its model' : `the ${formatCount(jobs)} jobs that were trained on it, their models`;
  return `The table is removed for good, and with it ${what} and every download.`;
}
