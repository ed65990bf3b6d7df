import { ApolloClient, ApolloLink, InMemoryCache, Observable, gql } from '@apollo/client';
import type { Client, Sink, SubscribePayload } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import manifest from '../gql/persisted-documents.json';
import { CreateSampleDocument, DatasetUpdatedDocument } from '../gql/graphql';
import { byHash, hashOf, socketsByHash } from './documents';

describe('documents by hash', () => {
  it('every document has the name under which the server knows it', () => {
    expect(Object.keys(manifest)).toContain(`sha256:${hashOf(DatasetUpdatedDocument)}`);
    expect(hashOf(gql('{ __typename }'))).toBeUndefined();
  });

  it('over HTTP: the hash first, and the text where the server does not know it', async () => {
    const sent: unknown[] = [];
    const http = new ApolloLink((operation) => {
      const { http: options } = operation.getContext() as { http: { includeQuery: boolean } };
      sent.push([options.includeQuery, operation.extensions.persistedQuery]);
      const notFound = { errors: [{ message: '', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };
      return new Observable((observer) => {
        observer.next(options.includeQuery ? { data: { __typename: 'Mutation', createSampleDataset: null } } : notFound);
        observer.complete();
      });
    });
    const client = new ApolloClient({ cache: new InMemoryCache(), link: byHash(http) });
    await client.mutate({ mutation: CreateSampleDocument, variables: { input: { key: 'x' } } });
    // One that is not known says nothing of the next.
    await client.mutate({ mutation: CreateSampleDocument, variables: { input: { key: 'y' } } });
    const byHashThenText = [
      [false, { version: 1, sha256Hash: hashOf(CreateSampleDocument) }],
      [true, undefined],
    ];
    expect(sent).toEqual([...byHashThenText, ...byHashThenText]);
  });

  it('over a socket: the hash first, and the text where the server does not know it', () => {
    const sent: SubscribePayload[] = [];
    const answers: unknown[] = [];
    const client = {
      subscribe: (payload: SubscribePayload, sink: Sink) => {
        sent.push(payload);
        if (payload.query === '') sink.error([{ message: '', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
        else sink.next({ data: 'found' });
        return () => {};
      },
    } as unknown as Client;
    const sink: Sink = { next: (value) => answers.push(value), error: (error) => answers.push(error), complete: () => {} };
    const payload = { query: '{ a }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } };
    socketsByHash(client).subscribe(payload, sink);
    expect(sent.map(({ query, extensions }) => [query, extensions])).toEqual([
      ['', payload.extensions],
      ['{ a }', {}],
    ]);
    expect(answers).toEqual([{ data: 'found' }]);
  });
});
