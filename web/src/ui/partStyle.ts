/** The look of a link to one part of a page that has several; the one that is shown stands out. */
export function partClass(shown: boolean): string {
  return `-mb-px border-b-2 px-3 py-2 ${shown ? 'border-accent font-medium text-accent' : 'border-transparent text-muted hover:text-ink'}`;
}
