// Tokens of real issuers at a real server: which of them open it, as whom, and what it says of the others in its log.
//
//   AUTOML=../../target/debug/automl npm test
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPool } from './pool.mjs';
import { AUDIENCE, CALLBACK, newKey, startProvider } from './provider.mjs';
import { IS_POOL, startServer, viewer } from './server.mjs';
import { startSecureIssuer } from './tls.mjs';

const old = newKey('old', 'rsa');
/** Tokens that must not be in the log. */
const secrets = [];
let pool;
let provider;
let server;

let settings;

before(async () => {
  [pool, provider] = await Promise.all([startPool(CALLBACK), startProvider([old])]);
  settings = {
    AUTOML_OIDC_ISSUER: pool.issuer,
    AUTOML_OIDC_KIND: 'cognito',
    AUTOML_OIDC_CLIENT_IDS: pool.web,
    AUTOML_OIDC_ADMIN_GROUPS: 'admins',
    AUTOML_OIDC_SIGN_UP: 'groups:students,staff',
    AUTOML_OIDC_2_ISSUER: provider.issuer,
    AUTOML_OIDC_2_AUDIENCE: AUDIENCE,
    AUTOML_OIDC_2_CLIENT_IDS: 'web, script',
    AUTOML_OIDC_2_SIGN_UP: 'open',
  };
  server = await startServer(settings);
});

after(async () => {
  await server?.stop();
  await pool?.stop();
  await provider?.stop();
});

/** The viewer of a token that is taken. */
async function taken(token) {
  secrets.push(token);
  const answer = await viewer(server, token);
  assert.equal(answer.status, 200, server.log);
  return answer.viewer;
}

async function refused(token, reason) {
  secrets.push(token);
  const before = server.log.length;
  const answer = await viewer(server, token);
  assert.deepEqual(answer, { status: 401, viewer: undefined, code: 'UNAUTHENTICATED' });
  // The log comes through a pipe.
  for (let tries = 0; tries < 20 && reason && !reason.test(server.log.slice(before)); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (reason) assert.match(server.log.slice(before), reason);
}

/** The token with one letter of a part changed. */
function tampered(token, part) {
  const parts = token.split('.');
  const middle = parts[part].length >> 1;
  const letter = parts[part][middle] === 'A' ? 'B' : 'A';
  parts[part] = parts[part].slice(0, middle) + letter + parts[part].slice(middle + 1);
  return parts.join('.');
}

const decoded = (token, part) => JSON.parse(Buffer.from(token.split('.')[part], 'base64url'));
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('an access token of a pool opens the server to the groups of the settings, and makes one account', async () => {
  await pool.join('ada@example.com');
  const ada = await pool.signIn('ada@example.com');
  const first = await taken(ada.AccessToken);
  const second = await taken((await pool.signIn('ada@example.com')).AccessToken);
  assert.equal(first.id, second.id);
  await refused((await pool.signIn('bob@example.com')).AccessToken, /has no account/);
  await pool.join('bob@example.com');
  const bob = await taken((await pool.signIn('bob@example.com')).AccessToken);
  assert.notEqual(bob.id, first.id);
});

test('another process over the same database knows the same people', { skip: !IS_POOL }, async () => {
  const other = await startServer(settings);
  try {
    const { AccessToken } = await pool.signIn('ada@example.com');
    const answers = await Promise.all([viewer(other, AccessToken), viewer(server, AccessToken)]);
    assert.equal(answers[0].status, 200, other.log);
    assert.deepEqual(answers[0], answers[1]);
    // Of a person's first tokens, one makes the account.
    const tokens = await provider.signIn('edsger');
    const first = await Promise.all([viewer(other, tokens.access_token), viewer(server, tokens.access_token)]);
    assert.equal(first[0].viewer.name, 'edsger');
    assert.equal(first[0].viewer.id, first[1].viewer.id);
  } finally {
    await other.stop();
  }
});

test('identity and refresh tokens of a pool, and those of another client, do not', async () => {
  const tokens = await pool.signIn('ada@example.com');
  await refused(tokens.IdToken, /not an access token/);
  await refused(tokens.RefreshToken);
  const other = await pool.signIn('ada@example.com', pool.other);
  await refused(other.AccessToken, /client is not on the list/);
  await taken(tokens.AccessToken);
});

test('a token that somebody has changed does not', async () => {
  const { AccessToken } = await pool.signIn('ada@example.com');
  await refused(tampered(AccessToken, 2), /signature is not the key's/);
  await refused(tampered(AccessToken, 1));
  const [, , signature] = AccessToken.split('.');
  const claims = { ...decoded(AccessToken, 1), 'cognito:groups': ['admins'] };
  await refused(`${encoded(decoded(AccessToken, 0))}.${encoded(claims)}.${signature}`);
  await refused(`${encoded({ ...decoded(AccessToken, 0), alg: 'none' })}.${encoded(claims)}.`, /algorithm is not the key's/);
  await taken(AccessToken);
});

test('a client of a provider signs in with its secret', async () => {
  const token = await provider.clientToken();
  assert.equal(decoded(token, 0).typ, 'at+jwt');
  const script = await taken(token);
  assert.equal(script.name, 'script');
  await refused(tampered(token, 2), /signature is not the key's/);
});

test('a person signs in at a provider by the code flow with PKCE', async () => {
  const facts = await (await fetch(`${server.url}/v1/identity`)).json();
  const found = facts.identityProviders.find((one) => one.issuer === provider.issuer);
  assert.equal(found.clientId, 'web');
  assert.equal(found.authorizationEndpoint, `${provider.issuer}/auth`);
  assert.equal(found.tokenEndpoint, `${provider.issuer}/token`);
  const tokens = await provider.signIn('grace');
  const grace = await taken(tokens.access_token);
  assert.deepEqual({ name: grace.name, email: grace.email }, { name: 'grace', email: 'grace@example.com' });
  await refused(tokens.id_token, /audience is not this server/);
});

test('keys are rotated without a restart of the server', async () => {
  const before = await provider.clientToken();
  await provider.stop();
  // A set of two keys: the new one signs.
  provider = await startProvider([newKey('new'), old], provider.port);
  const fresh = await provider.clientToken();
  assert.equal(decoded(fresh, 0).kid, 'new');
  // An unknown key is asked for once in ten seconds.
  let answer;
  for (let tries = 0; tries < 30 && answer?.status !== 200; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 500));
    answer = await viewer(server, fresh);
  }
  assert.equal(answer.status, 200, server.log);
  await taken(fresh);
  await taken(before);
});

test('an issuer that is away keeps out nobody whose key is known', async () => {
  const token = await provider.clientToken();
  await provider.stop();
  await taken(token);
  provider = undefined;
});

test('the tokens of this server stay good, and strangers stay out', async () => {
  assert.equal((await taken(server.token)).name, 'Owner');
  await refused('nonsense');
  await refused('a.b.c');
});

test('no token is in the log', () => {
  for (const secret of secrets) {
    if (secret.length > 20) assert(!server.log.includes(secret), 'a token was logged');
    const signature = secret.split('.')[2];
    if (signature?.length > 20) assert(!server.log.includes(signature), 'a signature was logged');
  }
  assert(!server.log.includes('@example.com'), 'an address was logged');
});

test('an issuer elsewhere is believed by its certificate only', async () => {
  const issuer = await startSecureIssuer(AUDIENCE);
  const secure = { AUTOML_OIDC_ISSUER: issuer.issuer, AUTOML_OIDC_AUDIENCE: AUDIENCE, AUTOML_OIDC_SIGN_UP: 'open' };
  const [trusting, doubting] = await Promise.all([startServer({ ...secure, SSL_CERT_FILE: issuer.certificate }), startServer(secure)]);
  try {
    assert.equal((await viewer(trusting, issuer.token())).viewer?.name, 'lin', trusting.log);
    assert.equal((await viewer(doubting, issuer.token())).status, 401);
    assert.match(doubting.log, /cannot be asked for its keys.*certificate/);
  } finally {
    await Promise.all([trusting.stop(), doubting.stop(), issuer.stop()]);
  }
});

test('settings that cannot be used stop the start in one line', async () => {
  await assert.rejects(startServer({ AUTOML_OIDC_ISSUER: 'http://id.example.com' }), /AUTOML_OIDC_ISSUER must be an address/);
  await assert.rejects(startServer({ AUTOML_OIDC_ISSUER: pool.issuer }), /AUTOML_OIDC_AUDIENCE must list/);
});
