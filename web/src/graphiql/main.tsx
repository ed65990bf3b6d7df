// The GraphQL playground: GraphiQL, bundled whole, with this browser's token and subscriptions over graphql-transport-ws.
import 'graphiql/setup-workers/vite';
// Part by part: graphiql/style.css brings fonts as data: URIs, which the content security policy forbids.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './graphiql.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import { freshToken, readToken } from '../lib/session';
import { EXAMPLES } from './examples';

const signedIn = readToken() !== null;
const socket = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

async function authorization(): Promise<Record<string, string>> {
  const token = await freshToken();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

const fetcher = createGraphiQLFetcher({
  url: `${location.origin}/graphql`,
  // A tab of the playground stays open for longer than an access token is good.
  fetch: async (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string> | undefined), ...(await authorization()) } }),
  wsClient: createClient({ url: socket, lazy: true, connectionParams: authorization }),
});

const place = document.getElementById('root');
if (!place) throw new Error('graphiql/index.html has no #root');
createRoot(place).render(
  signedIn ? (
    <GraphiQL fetcher={fetcher} defaultTabs={EXAMPLES} defaultEditorToolsVisibility={false} shouldPersistHeaders={false}>
      <GraphiQL.Logo>
        <a href="/">AutoML Lite</a>
      </GraphiQL.Logo>
    </GraphiQL>
  ) : (
    <main className="signed-out">
      <h1>You are signed out</h1>
      <p>
        <a href="/sign-in">Sign in</a>, then come back to this page.
      </p>
    </main>
  ),
);
