/** The look of the links to the parts of the site: pass it to a `Link`, which knows where one is. */
export const NAV_LINK = {
  className: 'rounded-lg px-1.5 py-2 whitespace-nowrap sm:px-3',
  activeProps: { className: 'bg-sunken text-ink' },
  inactiveProps: { className: 'text-muted hover:text-ink' },
} as const;
