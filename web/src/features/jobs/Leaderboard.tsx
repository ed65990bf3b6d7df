import { useDeferredValue, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { TextInput } from '../../ui/Field';
import { useGrowing } from '../../ui/useGrowing';
import { useSettled } from '../../ui/useSettled';
import type { BoardSearch, BoardSort } from './board';
import { LeaderboardRow } from './LeaderboardRow';
import { useBoard } from './useBoard';
import { useEnsembles } from './useEnsembles';
import { useRowMotion } from './useRowMotion';
import type { LiveTrial } from './useTrials';

const LeaderboardJob = graphql(`
  fragment Leaderboard_job on Job {
    id
    metric
    higherIsBetter
  }
`);

const LeaderboardModel = graphql(`
  fragment Leaderboard_model on Model {
    id
    members {
      name
      weight
    }
  }
`);

/** Rows at first: the best are what one looks for. */
const FIRST = 15;

const COLUMNS: readonly { sort: BoardSort; name: string; className: string }[] = [
  { sort: 'name', name: 'Model', className: '' },
  { sort: 'rank', name: 'Score', className: 'w-24 pr-3 text-right sm:w-36 sm:pr-0' },
  { sort: 'fit', name: 'Fit time', className: 'hidden w-24 text-right sm:table-cell' },
  { sort: 'share', name: 'Share of final', className: 'hidden w-34 pr-3 text-right sm:table-cell' },
];

type LeaderboardProps = {
  job: FragmentType<typeof LeaderboardJob>;
  model: FragmentType<typeof LeaderboardModel> | null;
  trials: readonly LiveTrial[];
  running: boolean;
  search: BoardSearch;
  onSearch: (search: BoardSearch) => void;
};

/** Every model and its validation score, best first; the baseline is always on it. */
export function Leaderboard({ job: maskedJob, model: maskedModel, trials, running, search, onSearch }: LeaderboardProps) {
  const { id, metric, higherIsBetter } = readFragment(LeaderboardJob, maskedJob);
  const members = readFragment(LeaderboardModel, maskedModel)?.members ?? NO_MEMBERS;
  const ensembles = useEnsembles(id, maskedModel !== null);
  const [all, setAll] = useState(false);
  const [typed, setTyped] = useState(search.find ?? '');
  // Typing never waits for thousands of rows.
  const find = useDeferredValue(typed.trim());
  const upwards = higherIsBetter ?? true;
  const { sort = 'rank', turned = false } = search;
  const { rows, listed } = useBoard(trials, ensembles, members, upwards, { sort, turned, find });
  useSettled(typed.trim(), search.find ?? '', (text) => onSearch({ ...search, find: text || undefined }));
  const { count, end } = useGrowing(listed.length, `${all} ${sort} ${turned} ${find}`);
  const shown = listed.slice(0, all ? count : FIRST);
  const body = useRowMotion(shown.map((row) => row.key).join('\n'), running);
  const order = (next: BoardSort) => onSearch({ ...search, sort: next === 'rank' ? undefined : next, turned: next === sort && !turned ? true : undefined });

  return (
    <Card title="Leaderboard" note={metric ? `${metricName(metric)} on validation rows, ± its spread over folds.` : undefined}>
      {rows.length === 0 ? (
        <p className={`text-muted ${running ? 'min-h-40' : ''}`}>{running ? 'The baseline comes first; every finished trial joins it.' : 'No model was finished.'}</p>
      ) : (
        <>
          {rows.length > FIRST ? (
            <form role="search" aria-label="Leaderboard" className="mb-4 max-w-xs" onSubmit={(event) => event.preventDefault()}>
              <TextInput
                label="Find a model"
                type="search"
                maxLength={100}
                placeholder="Name or learner"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </form>
          ) : null}
          <table className="-mx-3 w-[calc(100%+1.5rem)] table-fixed text-left">
            <thead className="text-xs text-muted">
              <tr>
                <th scope="col" className="w-10 pb-2 pl-3 font-medium sm:w-14">
                  <span aria-hidden>#</span>
                  <span className="sr-only">Rank</span>
                </th>
                {COLUMNS.map((column) => (
                  <th
                    key={column.sort}
                    scope="col"
                    aria-sort={column.sort !== sort ? undefined : (column.sort === 'share' || (column.sort === 'rank' && upwards)) !== turned ? 'descending' : 'ascending'}
                    className={`pb-2 font-medium ${column.className}`}
                  >
                    <button type="button" className="-mx-1 min-h-6 rounded px-1 hover:text-ink" onClick={() => order(column.sort)}>
                      {column.sort === 'name' ? `${column.name} ` : null}
                      <span aria-hidden className={column.sort === sort ? '' : 'invisible'}>
                        {turned ? '↑' : '↓'}
                      </span>
                      {column.sort === 'name' ? null : ` ${column.name}`}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody ref={body}>
              {shown.map((row) => (
                <LeaderboardRow key={row.key} row={row} />
              ))}
            </tbody>
          </table>
          {listed.length === 0 ? <p className="border-t border-line py-3 text-muted">No model is called that.</p> : null}
          {all ? <div ref={end} /> : null}
        </>
      )}
      {listed.length > FIRST ? (
        <div className="mt-4">
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${formatCount(listed.length)}`}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

const NO_MEMBERS: readonly { name: string; weight: number }[] = [];
