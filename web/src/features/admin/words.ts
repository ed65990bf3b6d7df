import type { TaskKind, UserRole, WorkerCapability } from '../../gql/graphql';

export const TASK_KINDS: Record<TaskKind, { name: string }> = {
  PROFILE: { name: 'Read a dataset' },
  PREPARE: { name: 'Prepare a job' },
  TRIAL: { name: 'Try a model' },
  ASSEMBLE: { name: 'Assemble a model' },
  PREDICT: { name: 'Predict a file' },
};

export const CAPABILITIES: Record<WorkerCapability, { name: string }> = {
  CPU: { name: 'Ordinary workers' },
  GPU: { name: 'GPU workers' },
};

export const ROLE_NAMES: Record<UserRole, { name: string }> = {
  MEMBER: { name: 'Member' },
  ADMIN: { name: 'Administrator' },
};

/** A word of the schema as people read it: `USER_SUSPENDED` is "User suspended". */
export function spoken(word: string | null): string {
  if (word === null) return 'Something newer';
  const text = word.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
