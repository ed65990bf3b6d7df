// Rows to read: jobs of one person, each with a data set and a model, and people who only hold sockets open.
import { createHash, randomBytes, randomUUID } from 'node:crypto';

const JOBS = 200;
const DATASETS = 40;

const EPOCH = 0x0190_0000_0000;

/** A UUID whose order is the order of creation. */
function ordered(number) {
  const hex = (EPOCH + number).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${randomBytes(6).toString('hex')}`;
}

export async function seedJobs(pool, userId) {
  for (let number = 0; number < DATASETS; number += 1) {
    await pool.query(
      `INSERT INTO dataset (id, user_id, name, file_name, size_bytes, state, version, source_key, created_at)
       VALUES ($1, $2, $3, 'table.csv', 1234567, 'ready', 3, 'datasets/none/source', now())`,
      [ordered(number), userId, `Data set ${number}`],
    );
  }
  const { rows } = await pool.query('SELECT id FROM dataset WHERE user_id = $1', [userId]);
  for (let number = 0; number < JOBS; number += 1) {
    const id = ordered(1000 + number);
    await pool.query(
      `INSERT INTO job (id, user_id, dataset_id, name, state, version, target, settings, problem, metric, higher_is_better, notes,
         finish_requested, cancel_requested, created_at, finished_at)
       VALUES ($1, $2, $3, $4, 'completed', 9, 'y', $5, 'binary', 'roc_auc', true, '[]', false, false, now(), now())`,
      [id, userId, rows[number % rows.length].id, `Job ${number}`, JSON.stringify({ budget_seconds: 60, preset: 'balanced', seed: 0, exclude: [], roles: {} })],
    );
    await pool.query(
      `INSERT INTO model (id, user_id, job_id, name, problem, target, classes, inputs, evaluation, members, deployed, model_key, created_at)
       VALUES ($1, $2, $3, $4, 'binary', 'y', '["0","1"]', '[]', '{}', '[]', false, 'jobs/none/model', now())`,
      [randomUUID(), userId, id, `Model ${number}`],
    );
  }
  // As any server does by itself that has been up for a minute.
  await pool.query('ANALYZE');
}

/** People with a token each, younger than the owner of the server: who that is hangs on the order of the ids. */
export async function seedPeople(pool, count) {
  const tokens = [];
  for (let number = 0; number < count; number += 1) {
    const [id, token] = [ordered(Date.now() - EPOCH + number), randomBytes(32).toString('hex')];
    await pool.query(
      `INSERT INTO "user" (id, name, created_at, mail_enabled, mail_completed, mail_failed) VALUES ($1, $2, now(), false, false, false)`,
      [id, `Person ${number}`],
    );
    await pool.query(`INSERT INTO token (id, user_id, kind, hash, created_at) VALUES ($1, $2, 'session', $3, now())`, [
      randomUUID(),
      id,
      createHash('sha256').update(token).digest('hex'),
    ]);
    tokens.push(token);
  }
  return tokens;
}
