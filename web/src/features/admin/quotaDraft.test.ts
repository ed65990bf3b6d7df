import { describe, expect, it } from 'vitest';
import { changesOf, draftOf, refuseLimit } from './quotaDraft';

const server = { unfinishedJobs: 20, jobsPerDay: null, computeSecondsPerDay: null, storedBytes: 10e9, jobBudgetSeconds: 3600 };

describe('limits of a person', () => {
  it('are blank where they are the server’s', () => {
    expect(draftOf({ ...server, computeSecondsPerDay: 5400, jobBudgetSeconds: 90 }, server)).toEqual({
      unfinishedJobs: '',
      jobsPerDay: '',
      computeSecondsPerDay: '90',
      storedBytes: '',
      jobBudgetSeconds: '1.5',
    });
  });

  it('are refused beside their field', () => {
    expect(refuseLimit('unfinishedJobs', '1.5')).not.toBeNull();
    expect(refuseLimit('unfinishedJobs', '-1')).not.toBeNull();
    expect(refuseLimit('unfinishedJobs', 'many')).not.toBeNull();
    expect(refuseLimit('jobsPerDay', '3000000000')).not.toBeNull();
    expect(refuseLimit('jobBudgetSeconds', '0.1')).toBe('At least 10 seconds.');
    expect(refuseLimit('storedBytes', '0,5')).toBeNull();
    expect(refuseLimit('storedBytes', '')).toBeNull();
  });

  it('are sent where they differ, in the unit that is stored', () => {
    const before = draftOf({ ...server, jobsPerDay: 5 }, server);
    expect(changesOf(before, before)).toEqual({});
    expect(changesOf(before, { ...before, jobsPerDay: '', storedBytes: '2.5', computeSecondsPerDay: '0' })).toEqual({ jobsPerDay: null, storedBytes: 2_500_000_000, computeSecondsPerDay: 0 });
    expect(changesOf(before, { ...before, jobsPerDay: 'x' })).toBeNull();
  });
});
