import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { Sentence } from './Sentence';

afterEach(cleanup);

it('shows names as names and leaves their letters alone', () => {
  const { container } = render(<Sentence clause="`customer_id` is not used" />);
  expect(container.textContent).toBe('customer_id is not used.');
  expect(container.querySelector('code')?.textContent).toBe('customer_id');
});

it('makes a sentence of a clause without names', () => {
  const { container } = render(<Sentence clause="its worker was lost" />);
  expect(container.textContent).toBe('Its worker was lost.');
});
