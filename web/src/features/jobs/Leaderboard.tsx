import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { Leaderboard_JobFragment } from '../../gql/graphql';
import { formatCount, formatDuration, formatPercent, formatScore } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { TRIAL_STATES, wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { useRowMotion } from './useRowMotion';

const LeaderboardJob = graphql(`
  fragment Leaderboard_job on Job {
    id
    metric
    leaderboard {
      rank
      name
      kind
      learner
      score
      scoreSd
      fitSeconds
      weight
      state
      error
    }
  }
`);

const FIRST = 15;

/** Every model and its validation score, best first; the baseline is always on it. */
export function Leaderboard({ job, running }: { job: FragmentType<typeof LeaderboardJob>; running: boolean }) {
  const { leaderboard, metric } = readFragment(LeaderboardJob, job);
  const [all, setAll] = useState(false);
  const shown = all ? leaderboard : leaderboard.slice(0, FIRST);
  const body = useRowMotion(shown.map((row) => row.name).join('\n'));
  return (
    <Card title="Leaderboard" note={metric ? `${metricName(metric)} on validation rows, ± its spread over folds.` : undefined}>
      {leaderboard.length === 0 ? (
        <p className="min-h-40 text-muted">{running ? 'The baseline comes first; every finished trial joins it.' : 'No model was finished.'}</p>
      ) : (
        <table className="w-full table-fixed text-left">
          <thead className="text-xs text-muted">
            <tr>
              <th scope="col" className="w-9 pb-2 font-medium sm:w-12">
                <span aria-hidden>#</span>
                <span className="sr-only">Rank</span>
              </th>
              <th scope="col" className="pb-2 font-medium">
                Model
              </th>
              <th scope="col" className="w-24 pb-2 text-right font-medium sm:w-36">
                Score
              </th>
              <th scope="col" className="hidden w-24 pb-2 text-right font-medium sm:table-cell">
                Fit time
              </th>
              <th scope="col" className="hidden w-28 pb-2 text-right font-medium sm:table-cell">
                Share of final
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((row) => (
              <Row key={`${row.kind} ${row.name}`} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {leaderboard.length > FIRST ? (
        <div className="mt-4">
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${formatCount(leaderboard.length)}`}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function Row({ row }: { row: Leaderboard_JobFragment['leaderboard'][number] }) {
  const state = wordsOf(TRIAL_STATES, row.state);
  return (
    <tr data-row={`${row.kind} ${row.name}`} className={`h-12 border-t border-line ${row.kind === 'ENSEMBLE' ? 'bg-accent-soft' : ''}`}>
      <td className="tabular pl-1 text-muted">{row.score === null ? '–' : row.rank}</td>
      <td className="min-w-0 py-1.5 pr-2">
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="max-w-full truncate font-medium">{row.name}</span>
          {row.kind === 'BASELINE' ? <Badge>Baseline</Badge> : null}
          {row.kind === 'ENSEMBLE' ? <Badge tone="accent">Final model</Badge> : null}
          {row.state === 'COMPLETED' ? null : <Badge tone={state.tone}>{state.name}</Badge>}
        </span>
        {row.error ? <span className="block text-xs break-words text-bad">{row.error}</span> : null}
        {row.kind === 'TRIAL' && !row.error ? <span className="block truncate text-xs text-muted">{row.learner}</span> : null}
      </td>
      <td className="tabular text-right">
        <span className="font-medium">{formatScore(row.score)}</span>
        {row.scoreSd !== null ? <span className="block text-xs text-muted sm:ml-1 sm:inline">± {formatScore(row.scoreSd)}</span> : null}
      </td>
      <td className="tabular hidden text-right text-muted sm:table-cell">{row.fitSeconds === null ? '–' : formatDuration(row.fitSeconds)}</td>
      <td className="tabular hidden pr-1 text-right text-muted sm:table-cell">{row.weight === null || row.weight === 0 ? '–' : formatPercent(row.weight)}</td>
    </tr>
  );
}
