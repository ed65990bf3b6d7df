/** Grey bars in the place of content that is on its way. */
export function Loading({ label, lines = 4 }: { label: string; lines?: number }) {
  return (
    <div role="status" className="space-y-3 py-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} aria-hidden className={`h-4 animate-pulse rounded bg-sunken ${line % 3 === 2 ? 'w-2/3' : 'w-full'}`} />
      ))}
    </div>
  );
}

/** A whole page on its way. */
export function LoadingPage({ label }: { label: string }) {
  return (
    <div className="space-y-6">
      <div aria-hidden className="h-8 w-1/2 animate-pulse rounded-lg bg-sunken" />
      <div className="rounded-2xl border border-line bg-panel p-6">
        <Loading label={label} lines={7} />
      </div>
    </div>
  );
}
