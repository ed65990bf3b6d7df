import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { ComboBox } from './ComboBox';

afterEach(cleanup);
// jsdom has no CSS.escape; the one name that is asked for needs no escaping.
vi.stubGlobal('CSS', { escape: (text: string) => text });

function Sample({ onChoose, initial = '', many = 0 }: { onChoose: (id: string) => void; initial?: string; many?: number }) {
  const [text, setText] = useState(initial);
  const names = ['species', 'island', 'sex', ...Array.from({ length: many }, (_, place) => `column ${place}`)];
  const options = names.map((name) => ({ id: name, text: name }));
  return <ComboBox label="Column" options={options} text={text} onText={setText} onChoose={onChoose} />;
}

it('narrows while typing and is chosen from with the keyboard alone', async () => {
  const onChoose = vi.fn();
  const user = userEvent.setup();
  render(<Sample onChoose={onChoose} />);
  await user.tab();
  await user.keyboard('sl');
  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['island']);
  await user.keyboard('{ArrowDown}{Enter}');
  expect(onChoose).toHaveBeenCalledExactlyOnceWith('island');
  expect(screen.getByRole<HTMLInputElement>('combobox').value).toBe('island');
});

it('offers everything to who opens it on a value, and only what matches once that is typed over', async () => {
  const onChoose = vi.fn();
  const user = userEvent.setup();
  render(<Sample onChoose={onChoose} initial="island" />);
  await user.tab();
  expect(screen.getAllByRole('option')).toHaveLength(3);
  await user.clear(screen.getByRole('combobox'));
  await user.keyboard('sex{ArrowDown}{Enter}');
  expect(onChoose).toHaveBeenCalledExactlyOnceWith('sex');
});

it('keeps a choice from far down the list when the box is left', async () => {
  const user = userEvent.setup();
  render(<Sample onChoose={vi.fn()} many={120} />);
  const box = screen.getByLabelText<HTMLInputElement>('Column', { selector: 'input' });
  await user.click(box);
  await user.paste('column 117');
  await user.keyboard('{ArrowDown}{Enter}');
  await user.tab();
  expect(box.value).toBe('column 117');
  // Opened again, the list is whole; the choice is not among its first entries.
  await user.click(box);
  await user.tab();
  expect(box.value).toBe('column 117');
}, 20_000);

it('offers first what begins with the words', async () => {
  const user = userEvent.setup();
  render(<Sample onChoose={vi.fn()} />);
  await user.tab();
  await user.keyboard('s');
  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['species', 'sex', 'island']);
});

it('keeps what stood there from the beginning when the box is left', async () => {
  const user = userEvent.setup();
  render(<Sample onChoose={vi.fn()} initial="island" />);
  await user.tab();
  await user.tab();
  expect(screen.getByLabelText<HTMLInputElement>('Column', { selector: 'input' }).value).toBe('island');
});
