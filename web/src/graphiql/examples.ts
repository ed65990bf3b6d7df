// The tabs that a first visit opens: the path from a table to an answer.
export const EXAMPLES = [
  {
    query: `# The server, its sample data and your jobs. Run with Ctrl + Enter.
query Start {
  viewer { name }
  serverInfo { version samples { key title target rows } }
  datasets(first: 5) { nodes { id name state } }
  jobs(first: 5) { nodes { id name state target } }
}
`,
  },
  {
    query: `# A dataset from a sample; "key" is one of serverInfo.samples.
mutation AddSample($key: String!) {
  createSampleDataset(input: { key: $key }) {
    dataset { id name state }
    userErrors { code message field }
  }
}
`,
    variables: '{ "key": "penguins" }',
  },
  {
    query: `# Starts training.
mutation Train($dataset: ID!, $target: String!) {
  createJob(input: { datasetId: $dataset, target: $target, budgetSeconds: 60, preset: QUICK }) {
    job { id state version }
    userErrors { code message field }
  }
}
`,
    variables: '{ "dataset": "", "target": "species" }',
  },
  {
    query: `# Follows a job: a snapshot first, then every change.
subscription Watch($job: ID!) {
  jobUpdated(id: $job) {
    version
    state
    progress { trialsFinished trialsRunning bestScore bestTrial secondsLeft }
  }
}
`,
    variables: '{ "job": "" }',
  },
  {
    query: `# Asks a deployed model. An absent or null field is missing.
mutation Ask($model: ID!, $rows: [JSON!]!) {
  predict(input: { modelId: $model, rows: $rows }) {
    predictions {
      label
      value
      probabilities { label probability }
      warnings { kind column message }
    }
    inferenceMicroseconds
    userErrors { code message }
  }
}
`,
    variables: '{ "model": "", "rows": [{}] }',
  },
];
