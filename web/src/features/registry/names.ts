// Names, versions and aliases of the registry: what may be typed, what is found, and what a change means for whoever asks.
import { formatCounted } from '../../lib/format';

export type RegistrySearch = { text?: string };
export type Alias = { alias: string; version: number; previousVersion: number | null };

export const LONGEST_NAME = 100;
export const LONGEST_ALIAS = 50;

/** A URL's parameters; whatever is none of them is dropped. */
export function readRegistry(search: Record<string, unknown>): RegistrySearch {
  const text = typeof search.text === 'string' || typeof search.text === 'number' ? String(search.text).trim().slice(0, LONGEST_NAME) : '';
  return text === '' ? {} : { text };
}

/** Whether a registered model is meant: by its name or by one of its aliases. */
export function isMeant(text: string, name: string, aliases: readonly { alias: string }[]): boolean {
  const wanted = text.trim().toLowerCase();
  return [name, ...aliases.map((one) => one.alias)].some((word) => word.toLowerCase().includes(wanted));
}

/** What is wrong with a name as typed, or null. */
export function refuseName(text: string): string | null {
  const name = text.trim();
  if (name === '') return null;
  // As the server counts them: by characters, not by halves of them.
  if ([...name].length > LONGEST_NAME) return `At most ${LONGEST_NAME} characters.`;
  return /\p{Cc}/u.test(name) ? 'The name has a character in it that cannot be shown.' : null;
}

/** What is wrong with an alias as typed, or null. */
export function refuseAlias(text: string): string | null {
  if (text === '') return null;
  if (!/^[A-Za-z0-9._-]+$/.test(text)) return 'Letters, digits, dots, dashes and underscores, without spaces.';
  return text.length > LONGEST_ALIAS ? `At most ${LONGEST_ALIAS} characters.` : null;
}

/** What letting an alias point to a version means for programs that ask by it. */
export function promoteWords(aliases: readonly Alias[], alias: string, version: number): string {
  const before = aliases.find((one) => one.alias === alias);
  if (!before) return `A new alias: programs that ask “${alias}” are answered by version ${version}.`;
  if (before.version === version) return `“${alias}” points to version ${version} already.`;
  return `From the next question on, programs that ask “${alias}” are answered by version ${version} instead of version ${before.version}. They change nothing.`;
}

/** What rolling an alias back means; null where there is nothing to go back to. */
export function rollBackWords({ alias, version, previousVersion }: Alias, versions: readonly number[]): string | null {
  if (previousVersion === null || !versions.includes(previousVersion)) return null;
  return `From the next question on, programs that ask “${alias}” are answered by version ${previousVersion} again instead of version ${version}. Rolling back once more undoes this.`;
}

/** What taking a version away means; refused: why it cannot be done now. */
export function deregisterWords(name: string, number: number, versions: number, aliases: readonly Alias[]): { consequence: string; refused: string | null } {
  const pointing = aliases.filter((one) => one.version === number).map((one) => `“${one.alias}”`);
  if (versions === 1) {
    const lost = pointing.length === 0 ? '' : ` Programs that ask ${pointing.join(' or ')} get no answer any more.`;
    return { consequence: `It is the last version: the name ${name} goes with it${aliases.length > 0 ? ', and so do its aliases' : ''}.${lost} The model itself stays.`, refused: null };
  }
  const refused = pointing.length === 0 ? null : `${pointing.join(' and ')} ${pointing.length === 1 ? 'points' : 'point'} to it: promote another version first.`;
  return { consequence: 'The model itself stays, with its job; its number is not given again.', refused };
}

/** "3 versions, the newest 4": numbers that were taken away are not given again. */
export function versionWords(numbers: readonly number[]): string {
  const newest = Math.max(...numbers);
  return numbers.length === newest ? formatCounted(newest, 'version') : `${formatCounted(numbers.length, 'version')}, the newest ${newest}`;
}
