// What went wrong, in words that a user can act on.
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';

export type UserFailure = { message: string };

/** The words for any error that a query, a mutation or an upload can end with. */
export function describeFailure(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) return error.errors.map((one) => one.message).join(' ');
  if (ServerError.is(error)) {
    if (error.statusCode === 429) return 'Too many requests at once. Wait a moment, then try again.';
    return `The server answered with status ${error.statusCode}. Try again in a moment.`;
  }
  if (error instanceof TypeError) return 'The server cannot be reached. Is it still running?';
  if (error instanceof Error) return error.message;
  return 'Something unexpected went wrong.';
}

/** Whether a page asked for an object by what is no id of this server: an address that was cut off or mended by hand. */
export function isUnknownId(error: unknown): boolean {
  return CombinedGraphQLErrors.is(error) && error.errors.every((one) => one.extensions?.code === 'BAD_USER_INPUT' && (one.path?.[0] === 'node' || one.path?.[0] === 'comparison'));
}

/** The user errors of a mutation's payload as one text, or null when there are none. */
export function describeUserErrors(errors: readonly UserFailure[] | null | undefined): string | null {
  if (!errors || errors.length === 0) return null;
  return errors.map((one) => one.message).join(' ');
}

/** Runs a mutation that gives its payload's user errors: what speaks against it in words, or null when it is done. */
export async function refusalOf(mutate: () => Promise<readonly UserFailure[] | undefined>): Promise<string | null> {
  try {
    const errors = await mutate();
    return errors === undefined ? 'The server gave no answer. Look whether it was done, then try again.' : describeUserErrors(errors);
  } catch (error) {
    return describeFailure(error);
  }
}

export type FieldFailure = UserFailure & { field: readonly string[] | null };

/** As `refusalOf`, with what is wrong with one field apart from the rest, to be told beside it. */
export async function refusalAt(field: string, mutate: () => Promise<readonly FieldFailure[] | undefined>): Promise<{ here: string | null; elsewhere: string | null }> {
  let here: string | null = null;
  const elsewhere = await refusalOf(async () => {
    const errors = await mutate();
    here = describeUserErrors(errors?.filter((one) => one.field?.includes(field)));
    return errors?.filter((one) => !one.field?.includes(field));
  });
  return { here, elsewhere };
}
