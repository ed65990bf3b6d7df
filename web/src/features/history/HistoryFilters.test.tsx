import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { HistoryFilters } from './HistoryFilters';
import type { HistorySearch } from './search';

afterEach(cleanup);

/** The filters over a URL that they change. */
function show(first: HistorySearch) {
  const changes: HistorySearch[] = [];
  let replace: (search: HistorySearch) => void = () => undefined;
  function Page() {
    const [search, setSearch] = useState(first);
    replace = setSearch;
    const onChange = (next: HistorySearch) => {
      changes.push(next);
      setSearch(next);
    };
    return <HistoryFilters search={search} onChange={onChange} />;
  }
  render(<Page />);
  return { changes, replace: (search: HistorySearch) => replace(search) };
}

it('searches when typing rests, once', async () => {
  const { changes } = show({ sort: 'name' });
  await userEvent.type(screen.getByLabelText('Search'), 'churn ');
  await waitFor(() => expect(changes).toEqual([{ sort: 'name', text: 'churn' }]));
});

it('adds states and takes them away, and “Show all” keeps the order', async () => {
  const { changes } = show({ sort: 'best' });
  await userEvent.click(screen.getByRole('checkbox', { name: 'Failed' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Running' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Failed' }));
  expect(changes.map((one) => one.state)).toEqual([['FAILED'], ['FAILED', 'RUNNING'], ['RUNNING']]);
  await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect(changes.at(-1)).toEqual({ sort: 'best' });
});

it('shows what the URL says after going back', () => {
  const { changes, replace } = show({ text: 'second' });
  act(() => replace({ text: 'first' }));
  expect(screen.getByLabelText<HTMLInputElement>('Search').value).toBe('first');
  expect(changes).toEqual([]);
});
