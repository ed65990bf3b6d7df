// Whether the server can be reached. Noted by whoever asks it; while it is away, asked every few seconds until it is back.
import { useSyncExternalStore } from 'react';

const PAUSE_MS = 3000;

let away = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const whenBack = new Set<() => void>();

function set(next: boolean): void {
  if (next === away) return;
  away = next;
  clearTimeout(timer);
  if (away) timer = setTimeout(() => void look(), PAUSE_MS);
  else for (const run of whenBack) run();
  for (const listener of listeners) listener();
}

/** Looks whether the server answers. */
async function look(): Promise<void> {
  clearTimeout(timer);
  try {
    const response = await fetch('/livez', { cache: 'no-store' });
    if (response.ok) return set(false);
  } catch {
    // Still away.
  }
  if (away) timer = setTimeout(() => void look(), PAUSE_MS);
  else set(true);
}

/** A request did not reach the server. */
export function noteAway(): void {
  set(true);
}

/** The server has answered. */
export function noteBack(): void {
  set(false);
}

/** Runs something each time the server is back after it was away. */
export function onBack(run: () => void): void {
  whenBack.add(run);
}

/** Whether the server is away; renders again when that changes. */
export function useAway(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => away,
  );
}

window.addEventListener('offline', noteAway);
window.addEventListener('online', () => void look());
