import { ApolloClient, ApolloLink, Observable } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { makeCache } from '../../lib/apollo';
import { WebhookList } from './WebhookList';

vi.mock('@tanstack/react-router', () => ({ Link: () => null }));

// jsdom has the element, but not its methods.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function open() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});
afterEach(cleanup);

/** A server that refuses addresses without https, and makes a secret for the others. */
function show() {
  const inputs: Record<string, unknown>[] = [];
  const link = new ApolloLink((operation) => {
    const input = operation.variables.input as { url: string };
    inputs.push(input);
    const isGood = input.url.startsWith('https://');
    const userErrors = isGood ? [] : [{ __typename: 'UserError', message: 'The address must begin with https://.', field: ['url'] }];
    return new Observable((observer) => {
      observer.next({ data: { __typename: 'Mutation', createWebhook: { __typename: 'CreateWebhookPayload', secret: isGood ? 'whsec_c2VjcmV0' : null, userErrors } } });
      observer.complete();
    });
  });
  const client = new ApolloClient({ cache: makeCache(), link });
  render(
    <ApolloProvider client={client}>
      <WebhookList webhooks={[]} />
    </ApolloProvider>,
  );
  return inputs;
}

it('says what is wrong beside the address, and shows the secret until the form is opened again', async () => {
  const inputs = show();
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'New webhook' }));
  const address = screen.getByLabelText<HTMLInputElement>('Address');
  await user.type(address, 'http://example.com');
  await user.click(screen.getByRole('checkbox', { name: /A job failed/ }));
  await user.click(screen.getByRole('button', { name: 'Make it' }));
  await waitFor(() => expect(address.getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByText('The address must begin with https://.')).toBeTruthy();
  // Said once, and the form stays open for another try.
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole('dialog')).toBeTruthy();

  await user.clear(address);
  await user.type(address, '  https://example.com ');
  expect(screen.queryByText('The address must begin with https://.')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Make it' }));
  expect((await screen.findByTestId('webhook-secret')).textContent).toBe('whsec_c2VjcmV0');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(inputs).toEqual([
    { url: 'http://example.com', events: ['JOB_COMPLETED'] },
    { url: 'https://example.com', events: ['JOB_COMPLETED'] },
  ]);

  await user.click(screen.getByRole('button', { name: 'New webhook' }));
  expect(screen.queryByTestId('webhook-secret')).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>('Address').value).toBe('');
});

it('does not send a webhook that tells of nothing', async () => {
  show();
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'New webhook' }));
  await user.type(screen.getByLabelText('Address'), 'https://example.com');
  for (const event of screen.getAllByRole('checkbox')) await user.click(event);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Make it' }).disabled).toBe(true);
});
