// One Apollo client: queries and mutations over HTTP, subscriptions over graphql-transport-ws, both with the bearer token.
import { ApolloClient, ApolloLink, InMemoryCache, type FieldMergeFunction, type StoreObject } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { HttpLink } from '@apollo/client/link/http';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { map } from 'rxjs';
import { noteAway, noteBack, onBack } from './connection';
import { byHash, noteHash, socketsByHash } from './documents';
import { freshToken, keepToken } from './session';

async function bearer(): Promise<Record<string, string>> {
  const token = await freshToken();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

const socketClient = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  lazy: true,
  // A restart of the server must not end the live view: keep trying, with the library's growing pauses.
  retryAttempts: 20,
  connectionParams: () => bearer(),
});

// What was said while a socket was down is asked for.
socketClient.on('connected', (_socket, _payload, wasRetry) => {
  noteBack();
  if (wasRetry) askAgain();
});

const sockets = noteHash.concat(new GraphQLWsLink(socketsByHash(socketClient)));

const withToken = new SetContextLink(async (previous) => ({
  headers: { ...(previous.headers as Record<string, string> | undefined), ...(await bearer()) },
}));

function isUnauthenticated(error: unknown): boolean {
  if (ServerError.is(error)) return error.statusCode === 401;
  return CombinedGraphQLErrors.is(error) && error.errors.some((one) => one.extensions?.code === 'UNAUTHENTICATED');
}

// An answer of any kind is one; a request that never came through rejects with a TypeError.
const noteConnection = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    map((result) => {
      noteBack();
      return result;
    }),
  ),
);
const noteLostRequests = new ErrorLink(({ error }) => {
  if (error instanceof TypeError) noteAway();
});

// A refused token is forgotten, and the page that tells how to get a new link takes over.
const signOutWhenRefused = new ErrorLink(({ error }) => {
  if (isUnauthenticated(error)) keepToken(null);
});

/** For lists that never change: the entries of two answers with different fields are merged one by one. */
const mergeByPlace: FieldMergeFunction<StoreObject[]> = (existing, incoming, { mergeObjects }) => {
  if (!existing || existing.length !== incoming.length) return incoming;
  return incoming.map((entry, place) => mergeObjects(existing[place] ?? {}, entry));
};

/** For lists whose entries are told apart by a field: what two answers know of an entry is put together. */
function mergeBy(key: string): FieldMergeFunction<StoreObject[]> {
  return (existing, incoming, { mergeObjects, readField }) => {
    const known = new Map(existing?.map((entry) => [readField(key, entry), entry]));
    return incoming.map((entry) => mergeObjects(known.get(readField(key, entry)) ?? {}, entry));
  };
}

export function makeCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { Node: ['BatchPrediction', 'Dataset', 'Job', 'Model', 'RegisteredModel', 'Trial', 'User', 'Webhook'] },
    typePolicies: {
      Query: {
        fields: {
          jobs: relayStylePagination(['filter', 'orderBy']),
          datasets: relayStylePagination(['filter', 'orderBy']),
          registeredModels: relayStylePagination(),
          admin: { merge: true },
          rateLimit: { merge: true },
        },
      },
      Admin: {
        fields: {
          users: relayStylePagination(['filter']),
          jobs: relayStylePagination(['filter', 'orderBy', 'ownerId']),
          auditLog: relayStylePagination(['filter']),
          queue: { merge: true },
        },
      },
      // Parts without an id belong to their parent: what two queries know of them is put together.
      User: { fields: { notificationPreferences: { merge: true }, quotas: { merge: true } } },
      Quota: { merge: true },
      Webhook: { fields: { deliveries: { merge: mergeBy('messageId') } } },
      RegisteredModel: { fields: { versions: { merge: mergeBy('number') }, aliases: { merge: mergeBy('alias') } } },
      Job: {
        fields: {
          trials: relayStylePagination(['filter', 'orderBy']),
          cost: { merge: true },
          progress: { merge: true },
          settings: { merge: true },
          leaderboard: { merge: false },
          steps: { merge: false },
        },
      },
      Dataset: { fields: { profile: { merge: true } } },
      DatasetProfile: { fields: { format: { merge: true }, columns: { merge: mergeByPlace } } },
      ColumnProfile: { fields: { asTarget: { merge: true } } },
      Model: { fields: { evaluation: { merge: true }, batchPredictions: relayStylePagination() } },
      BatchPrediction: { fields: { progress: { merge: true } } },
      Evaluation: { fields: { importance: { merge: mergeByPlace }, classReports: { merge: mergeByPlace } } },
    },
  });
}

export const client = new ApolloClient({
  cache: makeCache(),
  link: ApolloLink.from([
    signOutWhenRefused,
    ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      sockets,
      withToken.concat(noteLostRequests, noteConnection, byHash(new HttpLink({ uri: '/graphql' }))),
    ),
  ]),
});

/** Brings what is on the page up to date. */
function askAgain(): void {
  // Whatever fails is shown where it belongs; a server that is away again is noted by the links.
  void client.refetchQueries({ include: 'active' }).catch(() => undefined);
}
onBack(askAgain);
