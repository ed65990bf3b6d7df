import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { RenameForm } from './RenameForm';

afterEach(cleanup);

function show(answers: (string | null)[]) {
  const onSave = vi.fn<(name: string) => Promise<string | null>>(async () => answers.shift() ?? null);
  const onDone = vi.fn();
  render(<RenameForm label="Name" name="old" onSave={onSave} onDone={onDone} />);
  return { onSave, onDone, box: screen.getByRole('textbox', { name: 'Name' }) };
}

it('keeps a new name on Enter, and shows what speaks against it', async () => {
  const { onSave, onDone, box } = show(['The name is too long.', null]);
  await userEvent.clear(box);
  await userEvent.type(box, ' new {Enter}');
  await screen.findByText('The name is too long.');
  expect(onDone).not.toHaveBeenCalled();
  await userEvent.type(box, '{Enter}');
  expect(onSave.mock.calls).toEqual([['new'], ['new']]);
  expect(onDone).toHaveBeenCalledOnce();
});

it('asks nobody about no name, the same name, or Escape', async () => {
  const { onSave, onDone, box } = show([]);
  await userEvent.clear(box);
  await userEvent.type(box, '{Enter}');
  await screen.findByText(/has no characters/);
  await userEvent.type(box, 'old{Enter}');
  await userEvent.type(box, '{Escape}');
  expect(onDone).toHaveBeenCalledTimes(2);
  expect(onSave).not.toHaveBeenCalled();
});
