// The JSON Schema of a model's rows says what `predict` says: a real model of a running server, and a validator of others.
//
//   BASE_URL=http://127.0.0.1:8080 TOKEN=... node --test rows.mjs
import assert from 'node:assert/strict';
import test from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';

const { BASE_URL, TOKEN } = process.env;
if (!BASE_URL || !TOKEN) throw new Error('Set BASE_URL and TOKEN; `automl serve --json` prints them.');

async function ask(query, variables = {}) {
  const response = await fetch(`${BASE_URL}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** Asks until the node is as wanted. */
async function wait(id, selection, isWanted) {
  for (let turn = 0; turn < 600; turn += 1) {
    const { node } = await ask(`query ($id: ID!) { node(id: $id) { ${selection} } }`, { id });
    if (isWanted(node)) return node;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${id} did not become what it should`);
}

async function deployedModel() {
  const made = await ask('mutation { createSampleDataset(input: { key: "penguins" }) { dataset { id } } }');
  const dataset = made.createSampleDataset.dataset.id;
  await wait(dataset, '... on Dataset { state }', (node) => node.state === 'READY');
  const started = await ask(
    `mutation ($dataset: ID!) { createJob(input: { datasetId: $dataset, target: "species", budgetSeconds: 10, preset: QUICK })
      { job { id } userErrors { message } } }`,
    { dataset },
  );
  const done = await wait(
    started.createJob.job.id,
    '... on Job { state error model { id inputSchema exampleRow inputs { name kind } } }',
    (node) => ['COMPLETED', 'FAILED'].includes(node.state),
  );
  assert.equal(done.state, 'COMPLETED', done.error);
  await ask('mutation ($id: ID!) { deployModel(input: { id: $id }) { model { deployed } } }', { id: done.model.id });
  return done.model;
}

test('the schema of a model accepts what the model accepts, and nothing else', async () => {
  const model = await deployedModel();
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, validateSchema: true }).compile(model.inputSchema);
  assert.ok(validate(model.exampleRow), JSON.stringify(validate.errors));
  assert.deepEqual(Object.keys(model.inputSchema.properties).sort(), model.inputs.map((input) => input.name).sort());

  const values = [1, -1.5e300, 0, '', ' ', 'Biscoe', '1.5', 'NaN', true, false, null, [1], {}, 'ä'.repeat(500)];
  let refusals = 0;
  for (const input of model.inputs) {
    for (const value of values) {
      const row = { ...model.exampleRow, [input.name]: value };
      const { predict } = await ask(
        'mutation ($input: PredictInput!) { predict(input: $input) { predictions { label } userErrors { code } } }',
        { input: { modelId: model.id, rows: [row] } },
      );
      const isAccepted = predict.userErrors.length === 0;
      if (!isAccepted) assert.deepEqual(predict.userErrors, [{ code: 'WRONG_TYPE' }]);
      refusals += isAccepted ? 0 : 1;
      assert.equal(validate(row), isAccepted, `${input.name} (${input.kind}) = ${JSON.stringify(value)}: predict ${isAccepted ? 'answers' : 'refuses'}`);
    }
  }
  assert.ok(refusals > model.inputs.length, 'something was refused');
  for (const row of [{}, { 'no such column': 1 }]) assert.ok(validate(row), JSON.stringify(row));
  for (const row of [1, 'row', null, []]) assert.ok(!validate(row), JSON.stringify(row));
});
