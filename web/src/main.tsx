import { ApolloProvider } from '@apollo/client/react';
import { RouterProvider } from '@tanstack/react-router';
import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import { client } from './lib/apollo';
import { followSystemTheme } from './lib/theme';
import { router } from './router';

followSystemTheme();

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no #root');
const root = createRoot(place);
// In small steps: a slow telephone shows what is there and answers to a finger meanwhile.
startTransition(() =>
  root.render(
    <StrictMode>
      <ApolloProvider client={client}>
        <RouterProvider router={router} />
      </ApolloProvider>
    </StrictMode>,
  ),
);
