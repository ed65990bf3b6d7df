import type { JobState, ProblemType } from '../../gql/graphql';
import { JOB_STATES, PROBLEMS, wordsOf } from '../../lib/words';
import { Button } from '../../ui/Button';
import { SelectInput } from '../../ui/Field';
import { SearchInput } from '../../ui/SearchInput';
import { isFiltered, SORTS, STATES, type HistorySearch, type Sort } from './search';

type HistoryFiltersProps = { search: HistorySearch; onChange: (search: HistorySearch) => void };

/** What of the history is shown; every change is one of the URL. */
export function HistoryFilters({ search, onChange }: HistoryFiltersProps) {
  const toggle = (state: JobState) => {
    const before = search.state ?? [];
    const states = before.includes(state) ? before.filter((one) => one !== state) : [...before, state];
    onChange({ ...search, state: states.length > 0 ? states : undefined });
  };
  return (
    <form role="search" aria-label="Jobs" className="space-y-4" onSubmit={(event) => event.preventDefault()}>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-[2fr_1fr_1fr_1fr]">
        <SearchInput key="text" label="Search" placeholder="Name, target or note" value={search.text ?? ''} onSettled={(text) => onChange({ ...search, text: text || undefined })} />
        <SelectInput label="Question" value={search.problem ?? ''} onChange={(event) => onChange({ ...search, problem: (event.target.value || undefined) as ProblemType | undefined })}>
          <option value="">All</option>
          {Object.entries(PROBLEMS).map(([problem, { name }]) => (
            <option key={problem} value={problem}>
              {name}
            </option>
          ))}
        </SelectInput>
        <SearchInput key="tag" label="Tag" placeholder="Any" value={search.tag ?? ''} onSettled={(tag) => onChange({ ...search, tag: tag || undefined })} />
        <SelectInput label="Order" value={search.sort ?? 'newest'} onChange={(event) => onChange({ ...search, sort: event.target.value as Sort })}>
          {Object.entries(SORTS).map(([sort, { name }]) => (
            <option key={sort} value={sort}>
              {name}
            </option>
          ))}
        </SelectInput>
      </div>
      <fieldset className="flex flex-wrap items-center gap-2">
        <legend className="sr-only">State</legend>
        {STATES.map((state) => (
          <label
            key={state}
            className="inline-flex min-h-8 cursor-pointer items-center rounded-full border border-line px-3 text-xs font-medium select-none hover:border-edge has-checked:border-transparent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input type="checkbox" className="sr-only" checked={search.state?.includes(state) ?? false} onChange={() => toggle(state)} />
            {wordsOf(JOB_STATES, state).name}
          </label>
        ))}
        {isFiltered(search) ? (
          <Button look="quiet" size="small" onClick={() => onChange({ sort: search.sort })}>
            Show all
          </Button>
        ) : null}
      </fieldset>
    </form>
  );
}
