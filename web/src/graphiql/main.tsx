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
import { readToken } from '../lib/session';
import { EXAMPLES } from './examples';

const token = readToken();
const authorization: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
const socket = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

const fetcher = createGraphiQLFetcher({
  url: `${location.origin}/graphql`,
  headers: authorization,
  wsClient: createClient({ url: socket, lazy: true, connectionParams: () => (token === null ? {} : { authorization: `Bearer ${token}` }) }),
});

const place = document.getElementById('root');
if (!place) throw new Error('graphiql/index.html has no #root');
createRoot(place).render(
  token === null ? (
    <main className="signed-out">
      <h1>You are signed out</h1>
      <p>Open the link that the server printed when it started, then come back to this page.</p>
    </main>
  ) : (
    <GraphiQL fetcher={fetcher} defaultTabs={EXAMPLES} defaultEditorToolsVisibility={false} shouldPersistHeaders={false}>
      <GraphiQL.Logo>
        <a href="/">AutoML Lite</a>
      </GraphiQL.Logo>
    </GraphiQL>
  ),
);
