// The same question for a shell, for GraphQL and for Python.
import type { Row } from './predictRow';

const MUTATION = `mutation Predict($input: PredictInput!) {
  predict(input: $input) {
    predictions { label value probabilities { label probability } warnings { kind column message } }
    userErrors { message }
  }
}`;

/** A model by its id, or whatever an alias of a registered model points to when the question comes. */
export type Asked = { modelId: string } | { alias: { name: string; alias: string } };

/** A text inside single quotes for a POSIX shell. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function graphqlSnippet(asked: Asked, row: Row): string {
  return `${MUTATION}\n\n# Variables:\n${JSON.stringify({ input: { ...asked, rows: [row] } }, null, 2)}\n`;
}

export function curlSnippet(origin: string, asked: Asked, row: Row): string {
  const body = JSON.stringify({ query: MUTATION.replaceAll(/\s+/g, ' '), variables: { input: { ...asked, rows: [row] } } });
  return [
    `curl ${origin}/graphql \\`,
    `  -H "Authorization: Bearer $AUTOML_TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  --data-binary ${quoteShell(body)}\n`,
  ].join('\n');
}

/** Needs nothing but the standard library. What is asked has texts alone, which Python reads as JSON does; the row travels as JSON text, so that null needs no translation. */
export function pythonSnippet(origin: string, asked: Asked, row: Row): string {
  const text = JSON.stringify(JSON.stringify([row]));
  return `import json, os, urllib.request

query = """${MUTATION}"""
asked = ${JSON.stringify(asked)}
rows = json.loads(${text})
body = {"query": query, "variables": {"input": {**asked, "rows": rows}}}
request = urllib.request.Request(
    ${JSON.stringify(`${origin}/graphql`)},
    data=json.dumps(body).encode(),
    headers={"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["AUTOML_TOKEN"]},
)
print(json.load(urllib.request.urlopen(request)))
`;
}
