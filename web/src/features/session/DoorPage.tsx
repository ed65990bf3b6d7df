import type { ReactNode } from 'react';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { PageHeading } from '../../ui/PageHeading';

type DoorPageProps = { title: string; note?: ReactNode; failure?: string | null; below?: ReactNode; children: ReactNode };

/** What the pages of those who are not signed in look like: one narrow card, and what went wrong above it. */
export function DoorPage({ title, note, failure, below, children }: DoorPageProps) {
  return (
    <div className="mx-auto max-w-md space-y-6">
      <PageHeading title={title}>{note}</PageHeading>
      {failure ? <Callout tone="bad">{failure}</Callout> : null}
      <Card>{children}</Card>
      {below ? <div className="space-y-2 text-muted">{below}</div> : null}
    </div>
  );
}
