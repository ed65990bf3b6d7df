import { ApolloClient, ApolloLink, Observable } from '@apollo/client';
import { ApolloProvider, useQuery } from '@apollo/client/react';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { graphql } from '../../gql';
import { makeCache } from '../../lib/apollo';
import { EmailForm } from './EmailForm';
import { NotificationSwitches } from './NotificationSwitches';

afterEach(cleanup);

// As the page asks.
const Stored = graphql(`
  query Settings {
    viewer {
      id
      ...EmailForm_user
      ...NotificationSwitches_user
      ...PasswordForms_user
      ...SessionList_user
    }
  }
`);

/** A server that keeps what it is told, and refuses one address. */
function server() {
  const user = {
    __typename: 'User', id: 'u1', email: null as string | null, sessions: [], apiTokens: [],
    notificationPreferences: { __typename: 'NotificationPreferences', mail: true, completed: true, failed: true },
  };
  const inputs: unknown[] = [];
  const link = new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        const input = (operation.variables as { input?: Record<string, unknown> }).input;
        const answer = (name: string, kind: string) => {
          inputs.push(input);
          const refused = input?.email === 'nobody';
          if (!refused && 'email' in (input ?? {})) user.email = input?.email as string | null;
          if (name === 'updateNotificationPreferences') user.notificationPreferences = { ...user.notificationPreferences, ...input };
          const userErrors = refused ? [{ __typename: 'UserError', message: 'This is not a mail address.' }] : [];
          return { [name]: { __typename: kind, user: refused ? null : { ...user }, userErrors } };
        };
        const data =
          operation.operationName === 'UpdateEmail'
            ? answer('updateEmail', 'UpdateEmailPayload')
            : operation.operationName === 'UpdateNotificationPreferences'
              ? answer('updateNotificationPreferences', 'UpdateNotificationPreferencesPayload')
              : { viewer: { ...user } };
        observer.next({ data });
        observer.complete();
      }),
  );
  return { client: new ApolloClient({ cache: makeCache(), link }), inputs };
}

function Page() {
  const user = useQuery(Stored).data?.viewer;
  if (!user) return null;
  return (
    <>
      <EmailForm user={user} />
      <NotificationSwitches user={user} />
    </>
  );
}

it('keeps an address, says what is wrong with one, and removes it', async () => {
  const { client, inputs } = server();
  const user = userEvent.setup();
  render(<ApolloProvider client={client}><Page /></ApolloProvider>);
  const field = await screen.findByLabelText('E-mail address');
  await user.type(field, 'nobody');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('This is not a mail address.')).toBeTruthy();
  await user.clear(field);
  await user.type(field, 'ada@example.com{Enter}');
  expect(await screen.findByText('Saved.')).toBeTruthy();
  await user.clear(field);
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('Saved.');
  expect(inputs).toEqual([{ email: 'nobody' }, { email: 'ada@example.com' }, { email: null }]);
});

it('turns one switch at a time; without mail the kinds rest', async () => {
  const { client, inputs } = server();
  const user = userEvent.setup();
  render(<ApolloProvider client={client}><Page /></ApolloProvider>);
  const checked = (name: string) => screen.getByLabelText<HTMLInputElement>(name).checked;
  await user.click(await screen.findByLabelText('When a job fails'));
  await expect.poll(() => checked('When a job fails')).toBe(false);
  await user.click(screen.getByLabelText('Mail about my jobs'));
  await expect.poll(() => screen.getByLabelText<HTMLInputElement>('When a model is ready').disabled).toBe(true);
  expect(checked('When a model is ready')).toBe(true);
  expect(inputs).toEqual([{ failed: false }, { mail: false }]);
});
