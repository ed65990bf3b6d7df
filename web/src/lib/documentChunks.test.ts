import { expect, it } from 'vitest';
import { constantOf, withImports } from '../../documentChunks';

it('calls documents as the generator does', () => {
  expect(constantOf('query', 'Home')).toBe('HomeDocument');
  expect(constantOf('fragment', 'JobList_jobs')).toBe('JobList_JobsFragmentDoc');
});

it('imports what a source writes', () => {
  const source = "import { graphql } from '../gql';\nconst Query = graphql(`\n  query Home {\n    viewer {\n      id\n    }\n  }\n`);\nuse(Query);\n";
  expect(withImports(source)).toBe("import HomeDocument from 'virtual:document/HomeDocument'; import { graphql } from '../gql';\nconst Query = HomeDocument;\nuse(Query);\n");
  expect(withImports('const text = `query`;')).toBeNull();
});
