// The parts of the administration and what is filtered in them, as they stand in the URL.
import type { AuditAction, AuditFilter, JobFilter, JobState, UserFilter } from '../../gql/graphql';

export const TABS = { queue: 'Queue and workers', jobs: 'Jobs', people: 'People', limits: 'Limits', audit: 'Audit log' } as const;
export type Tab = keyof typeof TABS;

/** Which jobs and which people are listed; all when it is left out. */
export const JOB_SETS = { running: 'Not over yet', failed: 'Failed' } as const;
export const PEOPLE_SETS = { admins: 'Administrators', out: 'Kept out' } as const;

export type AdminSearch = {
  tab?: Tab;
  text?: string;
  jobs?: keyof typeof JOB_SETS;
  people?: keyof typeof PEOPLE_SETS;
  /** Id of the person whose jobs, or whose deeds, are listed. */
  person?: string;
  action?: AuditAction;
};

/** A URL's parameters; the queue comes first. */
export function readAdmin(search: Record<string, unknown>): AdminSearch {
  const read: AdminSearch = {};
  if (isKey(TABS, search.tab) && search.tab !== 'queue') read.tab = search.tab;
  const text = typeof search.text === 'string' || typeof search.text === 'number' ? String(search.text).trim().slice(0, 200) : '';
  if (text !== '') read.text = text;
  if (isKey(JOB_SETS, search.jobs)) read.jobs = search.jobs;
  if (isKey(PEOPLE_SETS, search.people)) read.people = search.people;
  if (typeof search.person === 'string' && search.person !== '') read.person = search.person;
  const action = ACTIONS.find((one) => one === search.action);
  if (action) read.action = action;
  return read;
}

function isKey<Table extends object>(table: Table, key: unknown): key is keyof Table & string {
  return typeof key === 'string' && Object.hasOwn(table, key);
}

const GOING_ON: JobState[] = ['QUEUED', 'RUNNING', 'FINISHING', 'CANCELLING'];

/** What the server is asked for; null: everything. */
export function jobFilterOf({ text, jobs }: AdminSearch): JobFilter | null {
  const filter: JobFilter = {};
  if (text !== undefined) filter.text = text;
  if (jobs !== undefined) filter.state = jobs === 'running' ? GOING_ON : ['FAILED'];
  return orAll(filter);
}

export function userFilterOf({ text, people }: AdminSearch): UserFilter | null {
  const filter: UserFilter = {};
  if (text !== undefined) filter.text = text;
  if (people === 'admins') filter.role = 'ADMIN';
  if (people === 'out') filter.isSuspended = true;
  return orAll(filter);
}

export function auditFilterOf({ action, person }: AdminSearch): AuditFilter | null {
  const filter: AuditFilter = {};
  if (action !== undefined) filter.action = action;
  if (person !== undefined) filter.actorId = person;
  return orAll(filter);
}

function orAll<Filter extends object>(filter: Filter): Filter | null {
  return Object.keys(filter).length > 0 ? filter : null;
}

/** What the audit log tells of, in the order of the schema. */
export const ACTIONS: readonly AuditAction[] = [
  'SIGNED_UP', 'SIGNED_IN', 'SIGN_IN_FAILED', 'SIGNED_OUT', 'SESSION_REUSED', 'PASSWORD_SET', 'PASSWORD_CHANGED', 'PASSWORD_RESET', 'TOKEN_CREATED', 'TOKEN_REVOKED',
  'WEBHOOK_CREATED', 'WEBHOOK_DELETED', 'DATASET_DELETED', 'JOB_DELETED', 'MODEL_DEPLOYED', 'MODEL_UNDEPLOYED', 'ALIAS_MOVED', 'MODEL_DEREGISTERED', 'JOB_CANCELLED_BY_ADMIN',
  'USER_SUSPENDED', 'USER_RESTORED', 'ROLE_CHANGED', 'SESSIONS_REVOKED', 'QUOTA_CHANGED', 'QUEUE_PAUSED', 'QUEUE_RESUMED', 'TASK_REQUEUED', 'TASKS_PURGED', 'WORKER_DRAINED',
  'DEFAULT_DATA_CLAIMED', 'DATA_IMPORTED',
];
