import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatDuration } from '../../lib/format';
import { Button } from '../../ui/Button';
import { logLines } from './jobLog';
import type { LiveTrial } from './useTrials';

const JobLogJob = graphql(`
  fragment JobLog_job on Job {
    id
    createdAt
    higherIsBetter
    steps {
      name
      state
      startedAt
      finishedAt
    }
  }
`);

const FIRST = 40;
const TONES = { plain: 'text-muted', good: 'text-good', bad: 'text-bad' };

/** What happened so far, for those who want to look over its shoulder. Folded until it is asked for. */
export function JobLog({ job: masked, trials }: { job: FragmentType<typeof JobLogJob>; trials: readonly LiveTrial[] }) {
  const job = readFragment(JobLogJob, masked);
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const lines = open ? logLines(job.steps, trials, job.higherIsBetter ?? true) : [];
  const begun = Date.parse(job.createdAt);
  return (
    <details className="rounded-2xl border border-line bg-panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer rounded-2xl px-4 py-4 font-semibold sm:px-6">Log</summary>
      <div className="border-t border-line p-4 sm:p-6">
        <ol aria-label="Log, the newest first" className="tabular space-y-1 font-mono text-xs">
          {(all ? lines : lines.slice(0, FIRST)).map((line) => (
            <li key={line.key} className="grid grid-cols-[5rem_1fr] gap-3">
              <span className="text-right text-muted">{formatDuration(Math.max(0, line.at - begun) / 1000)}</span>
              <span className={`break-words ${TONES[line.tone]}`}>{line.text}</span>
            </li>
          ))}
        </ol>
        {lines.length === 0 ? <p className="text-muted">Nothing has happened yet.</p> : null}
        {lines.length > FIRST ? (
          <div className="mt-4">
            <Button size="small" onClick={() => setAll(!all)}>
              {all ? `Only the newest ${FIRST}` : `All ${formatCount(lines.length)} lines`}
            </Button>
          </div>
        ) : null}
      </div>
    </details>
  );
}
