import { expect, it } from 'vitest';
import { datasetVariables, readDatasetList } from './listSearch';

it('reads what it knows of a URL and drops the rest', () => {
  expect(readDatasetList({ text: ' iris ', sort: 'rows', page: 3 })).toEqual({ text: ' iris ', sort: 'rows' });
  expect(readDatasetList({ text: 2024, sort: 'toString' })).toEqual({ text: '2024' });
  expect(readDatasetList({ text: '  ', sort: 'newest' })).toEqual({});
  expect(readDatasetList({ text: 'x'.repeat(500) }).text).toHaveLength(200);
});

it('asks for the newest unless told otherwise', () => {
  expect(datasetVariables({})).toEqual({ filter: null, orderBy: { field: 'CREATED_AT', direction: 'DESC' } });
  expect(datasetVariables({ text: ' iris ', sort: 'name' })).toEqual({ filter: { text: 'iris' }, orderBy: { field: 'NAME', direction: 'ASC' } });
});
