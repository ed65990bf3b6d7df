// Runs every audit of graphql-http against a running server.
//
//   BASE_URL=http://127.0.0.1:8080 TOKEN=... node http.mjs
//
// Exit code 0: all audits are ok. A server for it: `automl serve --json` prints both values.
import { serverAudits } from 'graphql-http';

const { BASE_URL, TOKEN } = process.env;
if (!BASE_URL || !TOKEN) {
  console.error('Set BASE_URL and TOKEN; `automl serve --json` prints them.');
  process.exit(2);
}

/** Adds what every request needs: the token, and the header that tells a GET from a forged one. */
function authorised(url, options = {}) {
  const headers = new Headers(options.headers);
  headers.set('authorization', `Bearer ${TOKEN}`);
  headers.set('graphql-require-preflight', '1');
  return fetch(url, { ...options, headers });
}

const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
for (const audit of serverAudits({ url: `${BASE_URL}/graphql`, fetchFn: authorised })) {
  const result = await audit.fn();
  counts[result.status] += 1;
  if (result.status !== 'ok') {
    console.log(`${result.status.toUpperCase()} ${result.id} ${result.name}: ${result.reason}`);
  }
}
const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
console.log(`${counts.ok} of ${total} audits are ok`);
process.exit(counts.ok === total ? 0 : 1);
