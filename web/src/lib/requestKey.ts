// A key of one request: sent again with the same key, after a lost answer or a second press, it is done once.

/** A new key: 128 random bits. Works without a secure context too, where `randomUUID` does not exist. */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
