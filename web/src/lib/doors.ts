// The mutations by which people come in. They go without a token: one that is no longer good must keep nobody out.
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { graphql } from '../gql';
import { byHash } from './documents';

const RefreshSession = graphql(`
  mutation RefreshSession($input: RefreshSessionInput!) {
    refreshSession(input: $input) {
      tokens {
        accessToken
        accessTokenExpiresAt
        refreshToken
      }
      userErrors {
        code
        message
      }
    }
  }
`);

/** For `useMutation` on the pages of those who are not signed in. */
export const doors = new ApolloClient({ cache: new InMemoryCache(), link: byHash(new HttpLink({ uri: '/graphql' })) });

export type Tokens = { accessToken: string; accessTokenExpiresAt: string; refreshToken: string };

/** The next tokens, or null when the session is over. Rejects while the server cannot be reached: then nothing is known. */
export async function exchange(refreshToken: string): Promise<Tokens | null> {
  const { data } = await doors.mutate({ mutation: RefreshSession, variables: { input: { refreshToken } }, fetchPolicy: 'no-cache' });
  const answer = data?.refreshSession;
  if (answer?.tokens) return answer.tokens;
  // Too many at once: the token is as good as before.
  const busy = answer?.userErrors.find((error) => error.code === 'RATE_LIMITED');
  if (busy || !answer) throw new Error(busy?.message ?? 'The server gave no answer to the exchange of tokens.');
  return null;
}
