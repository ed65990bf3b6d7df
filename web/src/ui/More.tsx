import { Button } from './Button';

type MoreProps = { pages: { hasNextPage: boolean; endCursor: string | null } | undefined; busy?: boolean; onMore: (after: string | null) => void };

/** The way to the next page of a list. */
export function More({ pages, busy, onMore }: MoreProps) {
  if (!pages?.hasNextPage) return null;
  return (
    <div className="mt-4">
      <Button busy={busy} onClick={() => onMore(pages.endCursor)}>
        Show more
      </Button>
    </div>
  );
}
