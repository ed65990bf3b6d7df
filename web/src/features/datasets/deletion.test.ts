import { expect, it } from 'vitest';
import { deletionConsequence } from './deletion';

it.each([
  [null, /with it its jobs, their models and every download/],
  [0, /No job was trained on it/],
  [1, /with it the job that was trained on it, its model and/],
  [12, /with it the 12 jobs/],
])('%j jobs', (jobs, words) => expect(deletionConsequence(jobs)).toMatch(words));
