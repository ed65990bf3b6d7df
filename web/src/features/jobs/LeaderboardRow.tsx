import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { formatDuration, formatPercent, formatScore, formatSentence } from '../../lib/format';
import { TRIAL_STATES, wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import type { BoardRow } from './board';

/** A model on the leaderboard. Drawn again only when something of it has changed: of thousands, few do. */
export const LeaderboardRow = memo(function LeaderboardRow({ row }: { row: BoardRow }) {
  const state = wordsOf(TRIAL_STATES, row.state);
  return (
    <tr data-row={row.key} className={`h-12 border-t border-line ${row.kind === 'ENSEMBLE' ? 'bg-accent-soft' : ''}`}>
      <td className="tabular pl-3 text-muted">{row.rank ?? '–'}</td>
      <td className="min-w-0 py-1.5 pr-2">
        <span className="flex flex-wrap items-center gap-x-2">
          {row.kind === 'TRIAL' || row.kind === 'BASELINE' ? (
            <Link
              from="/jobs/$jobId"
              to="."
              search={(before) => ({ ...before, trial: row.key })}
              resetScroll={false}
              preload={false}
              className="max-w-full font-medium break-words hover:text-accent hover:underline"
            >
              {row.name}
            </Link>
          ) : (
            <span className="max-w-full font-medium break-words">{row.name}</span>
          )}
          {row.kind === 'BASELINE' ? <Badge>Baseline</Badge> : null}
          {row.kind === 'ENSEMBLE' ? <Badge tone="accent">Final model</Badge> : null}
          {row.state === 'COMPLETED' ? null : <Badge tone={state.tone}>{state.name}</Badge>}
        </span>
        {/* What was stopped because the time is up is no failure. */}
        {row.error ? <span className={`block text-xs break-words ${row.state === 'FAILED' ? 'text-bad' : 'text-muted'}`}>{formatSentence(row.error)}</span> : null}
        {row.kind === 'TRIAL' && !row.error && !saysLearner(row) ? <span className="block truncate text-xs text-muted">{row.learner.replaceAll('_', ' ')}</span> : null}
      </td>
      <td className="tabular pr-3 text-right sm:pr-0">
        <span className="font-medium">{formatScore(row.score)}</span>
        {row.scoreSd !== null ? <span className="block text-xs text-muted sm:ml-1 sm:inline">± {formatScore(row.scoreSd)}</span> : null}
      </td>
      <td className="tabular hidden text-right text-muted sm:table-cell">{row.fitSeconds === null ? '–' : formatDuration(row.fitSeconds)}</td>
      <td className="tabular hidden pr-3 text-right text-muted sm:table-cell">{row.weight === null || row.weight === 0 ? '–' : formatPercent(row.weight)}</td>
    </tr>
  );
}, isSame);

/** Whether the name of a trial holds that of its learner, as it usually does. */
function saysLearner({ name, learner }: BoardRow): boolean {
  return name.toLowerCase().includes(learner.replaceAll('_', ' '));
}

function isSame({ row: before }: { row: BoardRow }, { row: after }: { row: BoardRow }): boolean {
  return (Object.keys(after) as (keyof BoardRow)[]).every((key) => before[key] === after[key]);
}
