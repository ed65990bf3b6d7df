import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { makeFragmentData } from '../../gql';
import { StepTimeline, StepTimelineJob } from './StepTimeline';

const NOW = Date.parse('2026-01-01T00:00:00Z');

function show(attempts: number, retryAt: string | null, error: string | null) {
  vi.setSystemTime(NOW);
  const step = { __typename: 'JobStep' as const, name: 'TRAIN' as const, state: 'RUNNING' as const, startedAt: null, finishedAt: null, error, attempts, retryAt };
  const job = makeFragmentData({ __typename: 'Job' as const, id: 'j1', steps: [step] }, StepTimelineJob);
  render(<StepTimeline job={job} />);
}

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it('says how often a step was tried again, why, and when it goes on', () => {
  show(2, '2026-01-01T00:00:07Z', 'its worker was lost');
  expect(screen.getByText(/Tried again 2 times, next in 7/)).toBeTruthy();
  expect(screen.getByText('Its worker was lost.')).toBeTruthy();
});

it('says nothing of tries where all went well, and of no wait that is over', () => {
  show(0, null, null);
  expect(screen.queryByText(/Tried again/)).toBeNull();
  cleanup();
  show(1, '2025-12-31T23:59:59Z', null);
  expect(screen.getByText('Tried again 1 time')).toBeTruthy();
});
