import { expect, it } from 'vitest';
import { auditFilterOf, jobFilterOf, readAdmin, userFilterOf } from './tabs';
import { spoken } from './words';

it('reads the part and the filters of a URL, and nothing else', () => {
  expect(readAdmin({ tab: 'people', text: ' ada ', page: 2 })).toEqual({ tab: 'people', text: 'ada' });
  expect(readAdmin({ tab: 'queue' })).toEqual({});
  expect(readAdmin({ tab: 'constructor', text: 7 })).toEqual({ text: '7' });
  expect(readAdmin({ tab: 'jobs', jobs: 'running', people: 'toString', person: 'u1', action: 'NONSENSE' })).toEqual({ tab: 'jobs', jobs: 'running', person: 'u1' });
  expect(readAdmin({ tab: 'audit', action: 'ALIAS_MOVED', person: '' })).toEqual({ tab: 'audit', action: 'ALIAS_MOVED' });
});

it('asks the server for what is filtered, and for everything otherwise', () => {
  expect([jobFilterOf({}), userFilterOf({}), auditFilterOf({})]).toEqual([null, null, null]);
  expect(jobFilterOf({ text: 'churn', jobs: 'failed' })).toEqual({ text: 'churn', state: ['FAILED'] });
  expect(jobFilterOf({ jobs: 'running' })?.state).not.toContain('COMPLETED');
  expect(userFilterOf({ people: 'out', text: 'ada' })).toEqual({ text: 'ada', isSuspended: true });
  expect(auditFilterOf({ action: 'ALIAS_MOVED', person: 'u1' })).toEqual({ action: 'ALIAS_MOVED', actorId: 'u1' });
});

it('says the words of the schema as people read them', () => {
  expect(spoken('USER_SUSPENDED')).toBe('User suspended');
  expect(spoken(null)).toBe('Something newer');
});
