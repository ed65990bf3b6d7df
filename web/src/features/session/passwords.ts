// What the server asks of a password that can be told while it is typed; the server itself says the rest.

const SHORTEST = 12;
const LONGEST = 128;

export const PASSWORD_HINT = `${SHORTEST} to ${LONGEST} characters of any kind; a few words in a row are good.`;

/** What is wrong with a password so far, or null. Characters are counted as people see them. */
export function faultOf(password: string): string | null {
  const length = [...password].length;
  if (length === 0) return null;
  if (length < SHORTEST) return `${SHORTEST - length} more to go.`;
  return length > LONGEST ? `At most ${LONGEST} characters.` : null;
}
