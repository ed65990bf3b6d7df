import { expect, it } from 'vitest';
import { readAdmin } from './tabs';
import { spoken } from './words';

it('reads the part and the text of a URL, and nothing else', () => {
  expect(readAdmin({ tab: 'people', text: ' ada ', page: 2 })).toEqual({ tab: 'people', text: 'ada' });
  expect(readAdmin({ tab: 'queue' })).toEqual({});
  expect(readAdmin({ tab: 'constructor', text: 7 })).toEqual({ text: '7' });
});

it('says the words of the schema as people read them', () => {
  expect(spoken('USER_SUSPENDED')).toBe('User suspended');
  expect(spoken(null)).toBe('Something newer');
});
