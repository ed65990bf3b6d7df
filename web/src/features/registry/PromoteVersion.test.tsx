import { ApolloClient, ApolloLink, Observable } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { makeCache } from '../../lib/apollo';
import { PromoteVersion } from './PromoteVersion';

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

const ALIASES = [{ alias: 'production', version: 1, previousVersion: null }];

/** Version 2, not deployed; a server whose deploying may be refused. Gives the names of what it was asked, in their order. */
function show(refusal: string | null = null) {
  const asked: string[] = [];
  const link = new ApolloLink((operation) => {
    asked.push(operation.operationName ?? '');
    const userErrors = refusal === null ? [] : [{ __typename: 'UserError', message: refusal }];
    const data =
      operation.operationName === 'DeployModel'
        ? { __typename: 'Mutation', deployModel: { __typename: 'DeployModelPayload', model: null, userErrors } }
        : { __typename: 'Mutation', promoteModel: { __typename: 'PromoteModelPayload', registeredModel: null, userErrors: [] } };
    return new Observable((observer) => {
      observer.next({ data });
      observer.complete();
    });
  });
  render(
    <ApolloProvider client={new ApolloClient({ cache: makeCache(), link })}>
      <PromoteVersion name="churn" version={2} model={{ id: 'm2', deployed: false, deployable: true }} aliases={ALIASES} />
    </ApolloProvider>,
  );
  return asked;
}

it('deploys what does not answer before an alias points to it', async () => {
  const asked = show();
  await userEvent.click(screen.getByRole('button', { name: 'Promote version 2' }));
  expect(screen.getByText(/answered by version 2 instead of version 1/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Promote' }));
  await waitFor(() => expect(asked).toEqual(['DeployModel', 'PromoteModel']));
});

it('moves no alias when it could not be deployed', async () => {
  const asked = show('The model cannot be deployed.');
  await userEvent.click(screen.getByRole('button', { name: 'Promote version 2' }));
  await userEvent.click(screen.getByRole('button', { name: 'Promote' }));
  expect(await screen.findByText('The model cannot be deployed.')).toBeTruthy();
  expect(asked).toEqual(['DeployModel']);
});

it('promotes without deploying where that is wanted, and under no word that is none', async () => {
  const asked = show();
  await userEvent.click(screen.getByRole('button', { name: 'Promote version 2' }));
  await userEvent.click(screen.getByRole('checkbox', { name: /Deploy it first/ }));
  const alias = screen.getByLabelText('Alias');
  await userEvent.clear(alias);
  await userEvent.type(alias, 'two words');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Promote' }).disabled).toBe(true);
  await userEvent.clear(alias);
  await userEvent.type(alias, 'canary');
  await userEvent.click(screen.getByRole('button', { name: 'Promote' }));
  await waitFor(() => expect(asked).toEqual(['PromoteModel']));
});
