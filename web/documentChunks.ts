// A build plugin: each document that a source writes as graphql(`…`) becomes a module of its own. The generated map of all documents
// would put every page's into the first chunk.
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const WRITTEN = /\bgraphql\(\s*`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`,?\s*\)/g;
const GENERATED = /^export const (\w+) = (\{.*\}) as unknown as DocumentNode/gm;
const PREFIX = 'virtual:document/';

/** How the generator calls the document of that name. */
export function constantOf(kind: string, name: string): string {
  const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('_')}${kind === 'fragment' ? 'FragmentDoc' : 'Document'}`;
}

/** A source with its documents imported instead of looked up; null when it has none. */
export function withImports(code: string): string | null {
  const constants = new Set<string>();
  const changed = code.replace(WRITTEN, (_, kind: string, name: string) => {
    const constant = constantOf(kind, name);
    constants.add(constant);
    return constant;
  });
  if (constants.size === 0) return null;
  return `${[...constants].map((constant) => `import ${constant} from '${PREFIX}${constant}';`).join(' ')} ${changed}`;
}

export function documentChunks(generatedFile: string): Plugin {
  let documents: Map<string, string> | undefined;
  return {
    name: 'document-chunks',
    // Before the sources are made JavaScript of.
    enforce: 'pre',
    apply: 'build',
    transform: (code, id) => (/\/src\/(?!gql\/).*\.tsx?$/.test(id) ? withImports(code) : null),
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null;
      documents ??= new Map([...readFileSync(generatedFile, 'utf8').matchAll(GENERATED)].map(([, constant = '', value = '']) => [constant, value]));
      const constant = id.slice(PREFIX.length + 1);
      const value = documents.get(constant);
      if (value === undefined) throw new Error(`${constant} is not in ${generatedFile}; run npm run generate`);
      return `export default ${value};`;
    },
  };
}
