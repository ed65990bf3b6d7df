import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useState } from 'react';
import { doors } from '../../lib/doors';
import { describeFailure, describeUserErrors, type UserFailure } from '../../lib/failure';

type Answer = { userErrors: readonly UserFailure[] } | null | undefined;

/** One of the mutations that need no token: runs it and keeps what went wrong, in words. */
export function useDoor<Data, Variables extends OperationVariables>(document: TypedDocumentNode<Data, Variables>) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  /** What the server answered where it had nothing against it, else null. */
  const ask = async <Payload extends Answer>(variables: Variables, payloadOf: (data: Data) => Payload): Promise<NonNullable<Payload> | null> => {
    setFailure(null);
    setBusy(true);
    try {
      const { data } = await doors.mutate<Data>({ mutation: document as TypedDocumentNode<Data>, variables: variables as OperationVariables, fetchPolicy: 'no-cache' });
      const payload = data === undefined ? null : payloadOf(data as Data);
      const refused = payload ? describeUserErrors(payload.userErrors) : 'The server gave no answer. Try again.';
      setFailure(refused);
      return refused === null ? (payload ?? null) : null;
    } catch (error) {
      setFailure(describeFailure(error));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { ask, busy, failure };
}
