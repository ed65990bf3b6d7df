// The rivals' servers: the same schema, rows, number of statements and a signed token to check, as their documentation has it.
//
//   DATABASE_URL=… SECRET=… node rivals.mjs apollo|yoga PORT
import cluster from 'node:cluster';
import http from 'node:http';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { jwtVerify } from 'jose';
import pg from 'pg';

const [kind, port] = process.argv.slice(2);
const PROCESSES = 2;

const typeDefs = /* GraphQL */ `
  type Query { jobs(first: Int = 20): JobConnection }
  type JobConnection { nodes: [Job!]! }
  type Job { id: ID! name: String! state: String! target: String! metric: String createdAt: String! dataset: Dataset model: Model }
  type Dataset { id: ID! name: String! fileName: String! sizeBytes: Float! }
  type Model { id: ID! name: String! deployed: Boolean! target: String! }
`;

const resolvers = {
  Query: {
    jobs: async (_root, { first }, { pool, userId }) => {
      const query = 'SELECT * FROM job WHERE user_id = $1 ORDER BY id DESC LIMIT $2';
      return { nodes: (await pool.query(query, [userId, first + 1])).rows.slice(0, first) };
    },
  },
  Job: {
    createdAt: (job) => job.created_at.toISOString(),
    dataset: (job, _arguments, { datasets }) => datasets.load(job.dataset_id),
    model: (job, _arguments, { models }) => models.load(job.id),
  },
  Dataset: { fileName: (row) => row.file_name, sizeBytes: (row) => Number(row.size_bytes) },
};

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const secret = new TextEncoder().encode(process.env.SECRET);

/** One statement for all keys of a request. */
function loader(query, key, userId) {
  return new DataLoader(async (keys) => {
    const { rows } = await pool.query(query, [keys, userId]);
    const byKey = new Map(rows.map((row) => [row[key], row]));
    return keys.map((wanted) => byKey.get(wanted) ?? null);
  });
}

async function contextOf(authorization) {
  const token = (authorization ?? '').replace(/^Bearer /i, '');
  const { payload } = await jwtVerify(token, secret, { issuer: 'bench', audience: 'bench' });
  return {
    pool,
    userId: payload.sub,
    datasets: loader('SELECT * FROM dataset WHERE id = ANY($1) AND user_id = $2', 'id', payload.sub),
    models: loader('SELECT * FROM model WHERE job_id = ANY($1) AND user_id = $2', 'job_id', payload.sub),
  };
}

async function apollo() {
  const server = new ApolloServer({ typeDefs, resolvers });
  await startStandaloneServer(server, {
    listen: { port: Number(port), host: '127.0.0.1' },
    context: ({ req }) => contextOf(req.headers.authorization),
  });
}

function yoga() {
  const server = createYoga({
    schema: createSchema({ typeDefs, resolvers }),
    context: ({ request }) => contextOf(request.headers.get('authorization')),
    logging: false,
    graphiql: false,
  });
  http.createServer(server).listen(Number(port), '127.0.0.1');
}

process.env.NODE_ENV = 'production';
if (cluster.isPrimary) {
  for (let count = 0; count < PROCESSES; count += 1) cluster.fork();
} else {
  await (kind === 'apollo' ? apollo() : yoga());
}
