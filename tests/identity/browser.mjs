// A person comes in by a real provider in a real browser: starts the provider and the server, and walks web/e2e/oidc.mjs.
//
//   AUTOML=../../target/debug/automl npm run browser      (the pages have to be built: npm --prefix ../../web run build)
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { AUDIENCE, newKey, startProvider } from './provider.mjs';
import { startServer } from './server.mjs';

// The provider has to know where the server will be, and the server where the provider is.
const found = createServer().listen(0, '127.0.0.1');
await new Promise((resolve) => found.once('listening', resolve));
const { port } = found.address();
await new Promise((resolve) => found.close(resolve));

const provider = await startProvider([newKey('one', 'rsa')], 0, `http://127.0.0.1:${port}/sign-in/return`);
const settings = {
  AUTOML_OIDC_ISSUER: provider.issuer,
  AUTOML_OIDC_AUDIENCE: AUDIENCE,
  AUTOML_OIDC_CLIENT_IDS: 'web',
  AUTOML_OIDC_SIGN_UP: 'groups:admins',
  AUTOML_OIDC_NAME: 'The University',
};
const server = await startServer(settings, port);
try {
  const journey = fileURLToPath(new URL('../../web/e2e/oidc.mjs', import.meta.url));
  const env = { ...process.env, BASE_URL: server.url, TOKEN: server.token, ISSUER: provider.issuer };
  const child = spawn(process.execPath, [journey], { env, stdio: 'inherit' });
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  if (process.exitCode !== 0) console.error(server.log);
} finally {
  await server.stop();
  await provider.stop();
}
