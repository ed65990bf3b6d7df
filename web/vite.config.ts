/// <reference types="vitest/config" />
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { documentChunks } from './documentChunks';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.AUTOML_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [documentChunks(here('./src/gql/graphql.ts')), react(), tailwindcss()],
  build: {
    // Nothing is inlined as a data: URI: the page runs under `default-src 'self'`.
    assetsInlineLimit: 0,
    // Monaco, inside the playground alone, is above Vite's default.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: { app: here('./index.html'), graphiql: here('./graphiql/index.html') },
    },
  },
  server: {
    // `npm run dev` beside a running server.
    proxy: {
      '/graphql': { target: server, ws: true },
      '/v1': server,
      '/livez': server,
    },
  },
  // A document takes longer to make than most tests run: only components have one, and files that ask for it in their first line.
  test: {
    projects: [
      { extends: true, test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] } },
      { extends: true, test: { name: 'components', environment: 'jsdom', include: ['src/**/*.test.tsx'] } },
    ],
  },
});
