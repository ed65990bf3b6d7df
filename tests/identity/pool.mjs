// A user pool of cognito-local, behind a front that mends its discovery document: it names port 9229 whatever the real one is.
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

/** Starts it, with a pool, two clients, a group and two people. */
export async function startPool() {
  const folder = await mkdtemp(join(tmpdir(), 'automl-pool-'));
  const port = await freePort();
  const front = createServer((request, response) => answer(request, response, port)).listen(0, '127.0.0.1');
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
    const { UserPoolClient } = await call('CreateUserPoolClient', { UserPoolId, ClientName });
    return UserPoolClient.ClientId;
  };
  const pool = { issuer: `${origin}/${UserPoolId}`, web: await client('web'), other: await client('other') };
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
  pool.stop = async () => {
    child.kill();
    front.closeAllConnections();
    front.close();
    await rm(folder, { recursive: true });
  };
  return pool;
}

async function answer(request, response, port) {
  const answered = await fetch(`http://127.0.0.1:${port}${request.url}`);
  const body = (await answered.text()).replaceAll(WRONG, `http://${request.headers.host}`);
  response.writeHead(answered.status, { 'content-type': 'application/json' }).end(body);
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
