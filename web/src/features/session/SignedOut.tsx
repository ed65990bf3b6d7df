import { Card } from '../../ui/Card';
import { PageHeading } from '../../ui/PageHeading';

/** Tells how to get a new link. Shown whenever there is no token, or the server refused it. */
export function SignedOut() {
  return (
    <div className="mx-auto max-w-2xl space-y-6">
      <PageHeading title="You are signed out">This server lets nobody in without a token; this browser has none that is valid.</PageHeading>
      <Card title="Get in with a link">
        <ol className="list-decimal space-y-3 pl-5">
          <li>Look at the terminal in which the server runs.</li>
          <li>
            Open the link it printed when it started. It looks like{' '}
            <code className="rounded bg-sunken px-1.5 py-0.5 break-all">{`${location.origin}/welcome#token=…`}</code>
          </li>
          <li>A link works once. If it was used, stop the server with Ctrl + C and start it again: your data stays, and a new link is printed.</li>
        </ol>
      </Card>
    </div>
  );
}
