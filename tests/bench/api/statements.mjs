// Statements that a request costs, as the log of dev-services' Postgres has them: counted, not assumed.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const REQUESTS = 20;
/** What says on whose behalf a connection works, and what asks whether it is alive. */
const ASIDE = /^\s*(SET app\.|SELECT 1\s*;?$|BEGIN|COMMIT|ROLLBACK)/i;

/** Statements that every one of so many requests sends. What others send meanwhile is not in step with them. */
export async function statements(database, request) {
  const url = new URL(database);
  url.username = 'keeper';
  const keeper = new pg.Client({ connectionString: url.href });
  await keeper.connect();
  const log = join((await keeper.query('SHOW data_directory')).rows[0].data_directory, '..', 'log');
  const say = async (what) => {
    await keeper.query(`ALTER SYSTEM SET log_statement = '${what}'`);
    await keeper.query('SELECT pg_reload_conf()');
    await new Promise((resolve) => setTimeout(resolve, 500));
  };
  await request();
  await say('all');
  const begin = statSync(log).size;
  for (let count = 0; count < REQUESTS; count += 1) await request();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const text = readFileSync(log).subarray(begin).toString();
  await say('none');
  await keeper.end();
  const counts = new Map();
  for (const [, sql] of text.matchAll(/LOG: {2}(?:execute [^:]*|statement): (.*)/g)) {
    if (!ASIDE.test(sql)) counts.set(sql, (counts.get(sql) ?? 0) + 1);
  }
  let each = 0;
  for (const [sql, count] of counts) {
    if (process.env.VERBOSE) console.log(`  ${count} times ${sql.slice(0, 150)}`);
    each += Math.floor(count / REQUESTS);
  }
  return each;
}
