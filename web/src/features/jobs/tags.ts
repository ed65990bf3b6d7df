// Tags as they are typed, with commas between them.

/** Each tag once, in the order in which they were typed. */
export function readTags(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter(Boolean);
}

/** What has to be given and taken away so that `before` becomes `after`. */
export function changeOf(before: readonly string[], after: readonly string[]): { add: string[]; remove: string[] } {
  return { add: after.filter((tag) => !before.includes(tag)), remove: before.filter((tag) => !after.includes(tag)) };
}
