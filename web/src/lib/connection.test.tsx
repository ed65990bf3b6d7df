import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noteAway, noteBack, onBack, useAway } from './connection';

function Shown() {
  return <p>{useAway() ? 'away' : 'there'}</p>;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  noteBack();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a server that is away is asked until it answers, and then everybody hears it once', async () => {
  const answers = [() => Promise.reject(new TypeError('away')), () => Promise.resolve({ ok: false }), () => Promise.resolve({ ok: true })];
  const asked = vi.fn(() => answers.shift()?.());
  vi.stubGlobal('fetch', asked);
  const back = vi.fn();
  onBack(back);
  render(<Shown />);
  act(() => noteAway());
  act(() => noteAway());
  expect(screen.getByText('away')).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(7000));
  expect(screen.getByText('away')).toBeTruthy();
  expect(back).not.toHaveBeenCalled();
  await act(() => vi.advanceTimersByTimeAsync(3000));
  expect(screen.getByText('there')).toBeTruthy();
  expect(asked).toHaveBeenCalledTimes(3);
  expect(back).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toHaveBeenCalledTimes(3);
});

test('the browser says when it is offline, and a look follows when it is online again', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve({ ok: true }));
  render(<Shown />);
  act(() => void window.dispatchEvent(new Event('offline')));
  expect(screen.getByText('away')).toBeTruthy();
  await act(async () => {
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
  });
  expect(screen.getByText('there')).toBeTruthy();
});
