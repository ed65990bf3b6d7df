/** The look of the line of links to the parts of a page, a `ScrollLine`. */
export const PARTS_LINE = 'gap-1 shadow-[inset_0_-1px_var(--line)]';

/** The look of a link to one part of a page that has several; the one that is shown stands out. */
export function partClass(shown: boolean): string {
  return `border-b-2 px-3 py-2 whitespace-nowrap ${shown ? 'border-accent font-medium text-accent' : 'border-transparent text-muted hover:text-ink'}`;
}
