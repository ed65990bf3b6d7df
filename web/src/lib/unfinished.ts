// The upload that was under way when the page was left: with the same file chosen again, it goes on where it was.

const KEY = 'automl.upload';

export type Unfinished = { uploadId: string; name: string; size: number; lastModified: number };
type Fingerprint = { name: string; size: number; lastModified: number };

/** What is kept, or null. */
export function readUnfinished(): Unfinished | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isUnfinished(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps it (null: forgets it). Where the browser forbids storage, the upload lasts as long as the page. */
export function keepUnfinished(unfinished: Unfinished | null): void {
  try {
    if (unfinished === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(unfinished));
  } catch {
    // Nothing to go on with after a reload.
  }
}

/** Whether a file looks like the one that was being sent: its bytes are not compared. */
export function isSameFile(unfinished: Unfinished, file: Fingerprint): boolean {
  return unfinished.name === file.name && unfinished.size === file.size && unfinished.lastModified === file.lastModified;
}

function isUnfinished(kept: unknown): kept is Unfinished {
  if (typeof kept !== 'object' || kept === null) return false;
  const { uploadId, name, size, lastModified } = kept as Record<string, unknown>;
  return typeof uploadId === 'string' && typeof name === 'string' && typeof size === 'number' && typeof lastModified === 'number';
}
