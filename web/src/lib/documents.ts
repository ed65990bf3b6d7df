// The server is built with our documents: they are asked for by their hash. A server that does not know one (it is older or
// newer than this page) gets the text.
import { ApolloLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { DocumentNode } from 'graphql';
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';

const NOT_FOUND = 'PERSISTED_QUERY_NOT_FOUND';

/** The hash that `npm run generate` has put into a document, as Apollo's protocol wants it. */
export function hashOf(document: DocumentNode): string | undefined {
  const { __meta__: meta } = document as { __meta__?: { hash?: string } };
  return meta?.hash?.replace(/^sha256:/, '');
}

/** Over HTTP: documents with a hash go by it, and as they are where the server does not know that; others as they are. */
export function byHash(link: ApolloLink): ApolloLink {
  // One for each operation: a document that the server does not know says nothing of the others.
  const persisted = new ApolloLink((operation, forward) => {
    const byItsHash = new PersistedQueryLink({
      generateHash: (document) => hashOf(document) ?? '',
      // Its usual second try registers the text under our hash, but the cache has changed the text since that was made.
      disable: ({ meta }) => meta.persistedQueryNotFound || meta.persistedQueryNotSupported,
    });
    return byItsHash.request(operation, forward);
  });
  return ApolloLink.split(({ query }) => hashOf(query) !== undefined, persisted.concat(link), link);
}

/** Before the link of a socket: notes the hash for `socketsByHash`. */
export const noteHash = new ApolloLink((operation, forward) => {
  const sha256Hash = hashOf(operation.query);
  if (sha256Hash !== undefined) operation.extensions.persistedQuery = { version: 1, sha256Hash };
  return forward(operation);
});

function isNotFound(error: unknown): boolean {
  return Array.isArray(error) && error.some((one: { extensions?: { code?: string } }) => one.extensions?.code === NOT_FOUND);
}

/** Over a socket: what has a hash goes by it, and as it is when the server does not know that. */
export function socketsByHash(client: Client): Client {
  function subscribe<Data, Extensions>(payload: SubscribePayload, sink: Sink<FormattedExecutionResult<Data, Extensions>>) {
    const { persistedQuery, ...extensions } = payload.extensions ?? {};
    if (persistedQuery === undefined) return client.subscribe(payload, sink);
    let second: (() => void) | undefined;
    const first = client.subscribe<Data, Extensions>(
      { ...payload, query: '' },
      {
        next: (result) => sink.next(result),
        complete: () => sink.complete(),
        error: (error) => {
          if (isNotFound(error)) second = client.subscribe({ ...payload, extensions }, sink);
          else sink.error(error);
        },
      },
    );
    return () => {
      first();
      second?.();
    };
  }
  return { ...client, subscribe };
}
