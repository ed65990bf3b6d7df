// A user pool of cognito-local, behind a front that mends its discovery document: it names port 9229 whatever the real one is, and none of
// the endpoints of the code flow.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(createRequire(import.meta.url).resolve('cognito-local/package.json'));
const WRONG = 'http://localhost:9229';

/** A free port. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts it, with a pool, two clients that come back to that address, a group and two people. */
export async function startPool(callback) {
  const folder = await mkdtemp(join(tmpdir(), 'automl-pool-'));
  const port = await freePort();
  const pool = { identityTokens: true };
  const front = createServer((request, response) => answer(request, response, port, pool)).listen(0, '127.0.0.1');
  await new Promise((resolve) => front.once('listening', resolve));
  const origin = `http://127.0.0.1:${front.address().port}`;
  await mkdir(join(folder, '.cognito'));
  await writeFile(join(folder, '.cognito/config.json'), JSON.stringify({ TokenConfig: { IssuerDomain: origin } }));
  const child = spawn(process.execPath, [join(root, 'lib/bin/start.js')], {
    cwd: folder,
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: 'ignore',
  });
  for (let tries = 0; ; tries += 1) {
    const healthy = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (healthy?.ok) break;
    assert(tries < 100, 'cognito-local does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const call = (target, body) => amazon(`http://127.0.0.1:${port}`, target, body);
  const { UserPool } = await call('CreateUserPool', { PoolName: 'people' });
  const UserPoolId = UserPool.Id;
  const client = async (ClientName) => {
    const { UserPoolClient } = await call('CreateUserPoolClient', { UserPoolId, ClientName, CallbackURLs: [callback] });
    return UserPoolClient.ClientId;
  };
  Object.assign(pool, { issuer: `${origin}/${UserPoolId}`, web: await client('web'), other: await client('other') });
  await call('CreateGroup', { UserPoolId, GroupName: 'staff' });
  for (const Username of ['ada@example.com', 'bob@example.com']) {
    const attributes = [{ Name: 'email', Value: Username }, { Name: 'email_verified', Value: 'true' }];
    await call('AdminCreateUser', { UserPoolId, Username, UserAttributes: attributes, MessageAction: 'SUPPRESS' });
    await call('AdminSetUserPassword', { UserPoolId, Username, Password: 'Correct-horse-1', Permanent: true });
  }
  pool.join = (Username) => call('AdminAddUserToGroup', { UserPoolId, Username, GroupName: 'staff' });
  pool.signIn = async (USERNAME, ClientId = pool.web) => {
    const AuthParameters = { USERNAME, PASSWORD: 'Correct-horse-1' };
    const { AuthenticationResult } = await call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
    return AuthenticationResult;
  };
  /** Goes through its hosted page: the code that a browser comes back with. */
  pool.authorize = async (username, challenge) => {
    const form = { client_id: pool.web, redirect_uri: callback, response_type: 'code', code_challenge: challenge, code_challenge_method: 'S256' };
    const body = new URLSearchParams({ ...form, username, password: 'Correct-horse-1' });
    const response = await fetch(`${origin}/oauth2/authorize`, { method: 'POST', body, redirect: 'manual' });
    const code = new URL(response.headers.get('location')).searchParams.get('code');
    assert(code);
    return code;
  };
  pool.stop = async () => {
    child.kill();
    front.closeAllConnections();
    front.close();
    await rm(folder, { recursive: true });
  };
  return pool;
}

async function answer(request, response, port, pool) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const sent = chunks.length > 0 ? { method: request.method, body: Buffer.concat(chunks), headers: { 'content-type': request.headers['content-type'] } } : {};
  const answered = await fetch(`http://127.0.0.1:${port}${request.url}`, { ...sent, redirect: 'manual' });
  const origin = `http://${request.headers.host}`;
  let body = (await answered.text()).replaceAll(WRONG, origin);
  if (request.url.endsWith('/openid-configuration')) {
    const endpoints = { authorization_endpoint: `${origin}/oauth2/authorize`, token_endpoint: `${origin}/oauth2/token` };
    body = JSON.stringify({ ...JSON.parse(body), ...endpoints });
  }
  // Its identity tokens repeat no nonce, which those of a real pool do.
  if (request.url === '/oauth2/token' && !pool.identityTokens) body = JSON.stringify({ ...JSON.parse(body), id_token: undefined });
  const location = answered.headers.get('location');
  response.writeHead(answered.status, { 'content-type': 'application/json', ...(location ? { location } : {}) }).end(body);
}

async function amazon(address, target, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${target}` },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  assert(response.ok, `${target}: ${JSON.stringify(answer)}`);
  return answer;
}
