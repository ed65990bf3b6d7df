// An OpenID provider (oidc-provider, certified by the OpenID Foundation): a script's client with a secret, and web clients with
// PKCE, one of them with a secret besides, and its sign-in form.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/** What its access tokens for this server are for. */
export const AUDIENCE = 'https://automl.example.com';
/** Where it sends browsers back to, unless told otherwise. */
export const CALLBACK = `${AUDIENCE}/sign-in/return`;
/** Another address that its clients have registered. */
export const OTHER_CALLBACK = `${AUDIENCE}/callback`;
/** Of the client `secretive`; with letters that forms and headers write otherwise. */
export const WEB_SECRET = 'a secret: of+the % web/client';

/** A private key as the provider takes it. */
export function newKey(kid, type = 'ec') {
  const options = type === 'ec' ? { namedCurve: 'P-256' } : { modulusLength: 2048 };
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: type === 'ec' ? 'ES256' : 'RS256' };
}

/** Starts one with these keys; the first is signed with. `port` 0 takes a free one. */
export async function startProvider(keys, port = 0, callback = CALLBACK) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration(keys, callback));
  server.on('request', provider.callback());
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    issuer,
    port: server.address().port,
    stop,
    clientToken: () => clientToken(issuer),
    signIn: (name) => signIn(issuer, name),
    authorize: (name, asked) => authorize(issuer, name, asked),
  };
}

function configuration(keys, callback) {
  const resource = () => ({ scope: 'api', audience: AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: keys[0].alg } } });
  const script = { client_id: 'script', client_secret: 'a secret of the script', grant_types: ['client_credentials'] };
  const web = {
    application_type: 'web', grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: keys[0].alg,
    redirect_uris: [callback, OTHER_CALLBACK], post_logout_redirect_uris: [new URL('/sign-in', callback).href],
  };
  return {
    jwks: { keys },
    clients: [
      { ...script, redirect_uris: [], response_types: [] },
      { ...web, client_id: 'web', token_endpoint_auth_method: 'none' },
      { ...web, client_id: 'secretive', client_secret: WEB_SECRET, token_endpoint_auth_method: 'client_secret_basic' },
    ],
    scopes: ['openid', 'email', 'profile', 'api'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, name: sub, email: `${sub}@example.com`, email_verified: true }) }),
    extraTokenClaims: (_context, token) => (token.accountId ? person(token.accountId) : {}),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: { enabled: true, defaultResource: () => AUDIENCE, useGrantedResource: () => true, getResourceServerInfo: resource },
    },
  };
}

const person = (name) => ({ name, email: `${name}@example.com`, email_verified: true, groups: name === 'ada' ? ['admins'] : ['staff'] });

async function post(address, form, headers = {}) {
  const ask = () => fetch(address, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers });
  // A connection that was kept to a provider which was started again is found dead once.
  return ask().catch(ask);
}

async function clientToken(issuer) {
  const secret = Buffer.from(`script:${encodeURIComponent('a secret of the script')}`).toString('base64');
  const form = { grant_type: 'client_credentials', resource: AUDIENCE, scope: 'api' };
  const response = await post(`${issuer}/token`, form, { authorization: `Basic ${secret}` });
  const answer = await response.json();
  assert(response.ok, JSON.stringify(answer));
  return answer.access_token;
}

/** What the code challenge of a verifier is. */
export const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');

/** The authorization code flow with PKCE, as a browser goes through it that exchanges the code itself. */
async function signIn(issuer, name) {
  const verifier = randomBytes(32).toString('base64url');
  const code = await authorize(issuer, name, { code_challenge: challengeOf(verifier) });
  const form = { grant_type: 'authorization_code', client_id: 'web', code, redirect_uri: CALLBACK, code_verifier: verifier, resource: AUDIENCE };
  const response = await post(`${issuer}/token`, form);
  const tokens = await response.json();
  assert(response.ok, JSON.stringify(tokens));
  return tokens;
}

/** Goes through its pages as a browser does: the code that it comes back with. */
async function authorize(issuer, name, asked) {
  const cookies = new Map();
  const visit = async (address, form) => {
    const headers = { cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join('; ') };
    const response = form ? await post(address, form, headers) : await fetch(address, { redirect: 'manual', headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [key, value] = cookie.split(';')[0].split(/=(.*)/s);
      cookies.set(key, value);
    }
    return response;
  };
  const usual = { client_id: 'web', response_type: 'code', redirect_uri: CALLBACK, scope: 'openid email profile api', resource: AUDIENCE };
  const query = { ...usual, code_challenge_method: 'S256', ...asked };
  let address = `${issuer}/auth?${new URLSearchParams(query)}`;
  for (let steps = 0; !address.startsWith(query.redirect_uri); steps += 1) {
    assert(steps < 20, `the sign-in ends nowhere: ${address}`);
    const response = await visit(address);
    const location = response.headers.get('location');
    if (location) {
      address = new URL(location, address).href;
      continue;
    }
    const page = await response.text();
    assert.equal(response.status, 200, page);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    assert(prompt, page);
    const submitted = await visit(address, { prompt, login: name, password: 'any' });
    address = new URL(submitted.headers.get('location'), address).href;
  }
  const code = new URL(address).searchParams.get('code');
  assert(code, address);
  return code;
}
