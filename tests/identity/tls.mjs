// An issuer elsewhere, as far as TLS is concerned: two documents over https with a certificate that nobody knows yet.
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Starts it; `certificate` is the file to trust. */
export async function startSecureIssuer(audience) {
  const folder = await mkdtemp(join(tmpdir(), 'automl-tls-'));
  const [keyFile, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const names = ['-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=critical,CA:FALSE'];
  execFileSync('openssl', [...options, ...names, '-keyout', keyFile, '-out', certificate], { stdio: 'ignore' });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' };
  const pages = {};
  const credentials = { key: await readFile(keyFile), cert: await readFile(certificate) };
  const server = createServer(credentials, (request, response) => response.end(JSON.stringify(pages[request.url] ?? null)));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const issuer = `https://localhost:${server.address().port}`;
  pages['/.well-known/openid-configuration'] = { issuer, jwks_uri: `${issuer}/keys` };
  pages['/keys'] = { keys: [jwk] };
  const token = () => {
    const now = Math.floor(Date.now() / 1000);
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: issuer, sub: 'lin', name: 'lin', aud: audience, iat: now, exp: now + 60 };
    const message = `${part({ alg: 'ES256', kid: 'k' })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(message), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${message}.${signature.toString('base64url')}`;
  };
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  };
  return { issuer, certificate, token, stop };
}
