// People of real issuers come in by the code flow: the server exchanges their codes, and lets nobody in whose sign-in does not fit.
//
//   AUTOML=../../target/debug/automl npm test
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startPool } from './pool.mjs';
import { AUDIENCE, CALLBACK, challengeOf, newKey, OTHER_CALLBACK, startProvider, WEB_SECRET } from './provider.mjs';
import { ask, startServer, viewer } from './server.mjs';

const MUTATION = `mutation M($input: SignInWithCodeInput!) { signInWithCode(input: $input) {
  tokens { accessToken refreshToken refreshTokenExpiresAt } userErrors { code message field } } }`;
const REFRESH = `mutation M($input: RefreshSessionInput!) { refreshSession(input: $input) {
  tokens { accessToken refreshToken refreshTokenExpiresAt } userErrors { code } } }`;

/** What must not be in a log. */
const secrets = [];
let pool;
let provider;
let server;
let settings;

before(async () => {
  [pool, provider] = await Promise.all([startPool(CALLBACK), startProvider([newKey('one', 'rsa')])]);
  settings = {
    AUTOML_PUBLIC_URL: AUDIENCE,
    AUTOML_OIDC_ISSUER: provider.issuer,
    AUTOML_OIDC_AUDIENCE: AUDIENCE,
    AUTOML_OIDC_CLIENT_IDS: 'web',
    AUTOML_OIDC_SIGN_UP: 'open',
    AUTOML_OIDC_ADMIN_GROUPS: 'admins',
    AUTOML_OIDC_SESSION_HOURS: '2',
    AUTOML_OIDC_NAME: 'The University',
    AUTOML_OIDC_2_ISSUER: pool.issuer,
    AUTOML_OIDC_2_KIND: 'cognito',
    AUTOML_OIDC_2_CLIENT_IDS: pool.web,
    AUTOML_OIDC_2_SIGN_UP: 'open',
  };
  server = await startServer(settings);
});

after(async () => {
  await server?.stop();
  await pool?.stop();
  await provider?.stop();
});

/** What a browser comes back with after somebody has signed in at the provider. */
async function goAndReturn(name, asked = {}) {
  const [codeVerifier, nonce] = [randomBytes(32).toString('base64url'), randomBytes(16).toString('base64url')];
  const code = await provider.authorize(name, { code_challenge: challengeOf(codeVerifier), nonce, ...asked });
  secrets.push(code, codeVerifier, nonce);
  return { issuer: provider.issuer, code, codeVerifier, redirectUri: CALLBACK, nonce };
}

async function enter(at, input) {
  const { status, answer } = await ask(at, MUTATION, { input });
  assert.equal(status, 200, JSON.stringify(answer));
  assert.equal(answer.errors, undefined, JSON.stringify(answer));
  const payload = answer.data.signInWithCode;
  if (payload.tokens) secrets.push(payload.tokens.accessToken, payload.tokens.refreshToken);
  return payload;
}

/** The code of the error that a sign-in is refused with. */
async function refused(at, input) {
  const payload = await enter(at, input);
  assert.equal(payload.tokens, null);
  return payload.userErrors[0].code;
}

/** Waits for a line of the log, which comes through a pipe. */
async function logged(at, line) {
  for (let tries = 0; tries < 20 && !line.test(at.log); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.match(at.log, line);
}

test('the server says what a browser needs', async () => {
  const { identityProviders } = await (await fetch(`${server.url}/v1/identity`)).json();
  const [first, second] = identityProviders;
  assert.equal(first.name, 'The University');
  assert.equal(first.redirectUri, CALLBACK);
  assert.equal(first.endSessionEndpoint, `${provider.issuer}/session/end`);
  assert.equal(second.name, null);
  assert.equal(second.tokenEndpoint, `${new URL(pool.issuer).origin}/oauth2/token`);
});

test('a code becomes a session that is never refreshed beyond its hours', async () => {
  const began = Date.now();
  const { tokens, userErrors } = await enter(server, await goAndReturn('ada'));
  assert.deepEqual(userErrors, []);
  const { answer } = await ask(server, '{ viewer { id name email role hasPassword sessions { isCurrent expiresAt } } }', {}, tokens.accessToken);
  const ada = answer.data.viewer;
  assert.deepEqual({ name: ada.name, email: ada.email, role: ada.role }, { name: 'ada', email: 'ada@example.com', role: 'ADMIN' });
  assert.equal(ada.hasPassword, false);
  assert.deepEqual(ada.sessions.map(({ isCurrent }) => isCurrent), [true]);
  const end = Date.parse(tokens.refreshTokenExpiresAt);
  assert(Math.abs(end - began - 2 * 3600_000) < 60_000, tokens.refreshTokenExpiresAt);
  const refreshed = (await ask(server, REFRESH, { input: { refreshToken: tokens.refreshToken } })).answer.data.refreshSession;
  secrets.push(refreshed.tokens.accessToken, refreshed.tokens.refreshToken);
  assert.equal(Date.parse(refreshed.tokens.refreshTokenExpiresAt), end);
  // The person is the one whose access token opens the server.
  const direct = await viewer(server, (await provider.signIn('ada')).access_token);
  assert.equal(direct.viewer.id, ada.id);
});

test('a code works once, with its own verifier, nonce and way back', async () => {
  const used = await goAndReturn('grace');
  assert((await enter(server, used)).tokens);
  assert.equal(await refused(server, used), 'CODE_INVALID');
  const verifier = { ...(await goAndReturn('grace')), codeVerifier: randomBytes(32).toString('base64url') };
  assert.equal(await refused(server, verifier), 'CODE_INVALID');
  const nonce = { ...(await goAndReturn('grace')), nonce: 'of another sign-in' };
  assert.equal(await refused(server, nonce), 'NONCE_INVALID');
  // The provider sent it to another address that it knows; this server is told the right one, or the other one.
  const elsewhere = await goAndReturn('grace', { redirect_uri: OTHER_CALLBACK });
  assert.equal(await refused(server, elsewhere), 'CODE_INVALID');
  assert.equal(await refused(server, { ...elsewhere, redirectUri: OTHER_CALLBACK }), 'REDIRECT_URI_INVALID');
  assert.equal(await refused(server, { ...used, code: 'made up' }), 'CODE_INVALID');
  assert.equal(await refused(server, { ...used, issuer: 'https://id.example.com' }), 'ISSUER_UNKNOWN');
});

test('who has no account is told so where nobody gets one', async () => {
  const closed = await startServer({ ...settings, AUTOML_OIDC_SIGN_UP: 'closed' });
  try {
    assert.equal(await refused(closed, await goAndReturn('edsger')), 'NO_ACCOUNT');
    await logged(closed, /a sign-in was refused.*has no account/);
  } finally {
    await closed.stop();
  }
});

test('a client with a secret shows it, and a wrong one is for whoever runs the server', async () => {
  const secretive = { ...settings, AUTOML_OIDC_CLIENT_IDS: 'secretive', AUTOML_OIDC_CLIENT_SECRET: WEB_SECRET };
  const wrong = { ...secretive, AUTOML_OIDC_CLIENT_SECRET: 'another secret of it' };
  const [right, mistaken] = await Promise.all([startServer(secretive), startServer(wrong)]);
  try {
    assert((await enter(right, await goAndReturn('barbara', { client_id: 'secretive' }))).tokens, right.log);
    assert.equal(await refused(mistaken, await goAndReturn('barbara', { client_id: 'secretive' })), 'ISSUER_MISCONFIGURED');
    await logged(mistaken, /token endpoint says invalid_client/);
    for (const log of [right.log, mistaken.log]) {
      for (const secret of [...secrets, WEB_SECRET, 'another secret of it']) assert(!log.includes(secret), 'a secret was logged');
    }
  } finally {
    await Promise.all([right.stop(), mistaken.stop()]);
  }
});

test('a person of a pool comes in by its hosted page', async () => {
  const returned = async () => {
    const codeVerifier = randomBytes(32).toString('base64url');
    const code = await pool.authorize('ada@example.com', challengeOf(codeVerifier));
    return { issuer: pool.issuer, code, codeVerifier, redirectUri: CALLBACK, nonce: 'n' };
  };
  // Its identity token has no nonce: it cannot be told from that of another sign-in.
  assert.equal(await refused(server, await returned()), 'ISSUER_MISCONFIGURED');
  pool.identityTokens = false;
  const used = await returned();
  const { tokens } = await enter(server, used);
  assert.equal((await viewer(server, tokens.accessToken)).status, 200, server.log);
  assert.equal(await refused(server, used), 'CODE_INVALID');
});

test('a provider that is away is told from one that refuses', async () => {
  const input = await goAndReturn('grace');
  await provider.stop();
  provider = undefined;
  assert.equal(await refused(server, input), 'ISSUER_UNAVAILABLE');
});

test('nothing of it is in the log', () => {
  assert(secrets.length > 20);
  for (const secret of secrets) assert(!server.log.includes(secret), 'a secret was logged');
  assert(!server.log.includes('@example.com'), 'an address was logged');
});
