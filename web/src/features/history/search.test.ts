import { describe, expect, it } from 'vitest';
import { isFiltered, readSearch, variablesOf } from './search';

describe('the filters in the URL', () => {
  it('are read, and what is none is dropped', () => {
    expect(readSearch({ text: 'churn', state: ['RUNNING', 'NONSENSE'], problem: 'BINARY', tag: 2026, sort: 'best', page: 3 })).toEqual({
      text: 'churn',
      state: ['RUNNING'],
      problem: 'BINARY',
      tag: '2026',
      sort: 'best',
    });
    expect(readSearch({ text: '  ', state: 'FAILED', problem: 'ODD', sort: 'toString' })).toEqual({ state: ['FAILED'] });
    expect(readSearch({ text: 'x'.repeat(300) }).text).toHaveLength(200);
  });

  it('leave the plain list plain', () => {
    expect(readSearch({ sort: 'newest' })).toEqual({});
    expect(isFiltered({ sort: 'name' })).toBe(false);
    expect(variablesOf({})).toEqual({ filter: null, orderBy: { field: 'CREATED_AT', direction: 'DESC' } });
  });

  it('are what the server is asked for', () => {
    expect(variablesOf({ text: ' churn ', state: ['FAILED', 'CANCELLED'], sort: 'name' })).toEqual({
      filter: { text: 'churn', state: ['FAILED', 'CANCELLED'] },
      orderBy: { field: 'NAME', direction: 'ASC' },
    });
  });
});
