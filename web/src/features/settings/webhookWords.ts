// The words of webhooks: how one stands, and what became of a message.
import type { NotificationState, WebhookEvent } from '../../gql/graphql';
import { formatAgo, formatCounted, formatDuration, formatSentence } from '../../lib/format';
import type { Tone } from '../../lib/words';

/** What can be chosen; a test is sent by hand. */
export const CHOOSABLE = ['JOB_COMPLETED', 'JOB_FAILED'] as const satisfies readonly WebhookEvent[];

export const EVENTS: Record<WebhookEvent, { name: string; meaning: string }> = {
  JOB_COMPLETED: { name: 'A model is ready', meaning: 'With its scores and a link to it.' },
  JOB_FAILED: { name: 'A job failed', meaning: 'With the reason.' },
  TEST: { name: 'A test', meaning: 'Sent by hand.' },
};

export const DELIVERY_STATES: Record<NotificationState, { name: string; tone: Tone }> = {
  QUEUED: { name: 'Waiting', tone: 'neutral' },
  SENDING: { name: 'Being sent', tone: 'accent' },
  SENT: { name: 'Arrived', tone: 'good' },
  FAILED: { name: 'Given up', tone: 'bad' },
  SKIPPED: { name: 'Not sent', tone: 'neutral' },
};

type Standing = { enabled: boolean; failingSince: string | null; disabledReason: string | null };

/** How a webhook stands: a word, and a sentence where there is something to say. */
export function standingOf({ enabled, failingSince, disabledReason }: Standing, now: number): { name: string; tone: Tone; note: string | null } {
  if (!enabled) {
    const note = disabledReason === null ? null : formatSentence(disabledReason);
    return failingSince === null ? { name: 'Paused', tone: 'neutral', note } : { name: 'Switched off', tone: 'bad', note };
  }
  if (failingSince !== null) return { name: 'Not arriving', tone: 'warn', note: `Nothing has arrived since the failure ${formatAgo(Date.parse(failingSince), now)}; it is tried again.` };
  return { name: 'On', tone: 'good', note: null };
}

type Told = { attempts: number; status: number | null; error: string | null; nextAttemptAt: string | null; sentAt: string | null };

/** What became of a message: tries, the receiver's answer, and when it is tried again. */
export function fateOf({ attempts, status, error, nextAttemptAt, sentAt }: Told, now: number): string {
  const parts = [attempts > 1 ? formatCounted(attempts, 'try', 'tries') : ''];
  // The reason has the status in it, where there was one.
  if (sentAt === null && error !== null) parts.push(error.trim().replace(/\.$/, ''));
  else if (status !== null) parts.push(`answered ${status}`);
  if (sentAt === null && nextAttemptAt !== null) {
    const seconds = Math.round((Date.parse(nextAttemptAt) - now) / 1000);
    parts.push(seconds > 0 ? `again in ${formatDuration(seconds)}` : 'again at once');
  }
  return parts.filter((part) => part !== '').join(', ');
}

/** A message that is younger than this is looked after closely: whoever sent it by hand is waiting. */
const YOUNG_MILLISECONDS = 60_000;
const CLOSE_MILLISECONDS = 1500;
const SELDOM_MILLISECONDS = 15_000;

/** After how many milliseconds to look again what became of messages; 0: of all that is known already. */
export function lookAgainAfter(deliveries: readonly { state: NotificationState; createdAt: string }[], now: number): number {
  const underWay = deliveries.filter(({ state }) => state === 'QUEUED' || state === 'SENDING');
  if (underWay.length === 0) return 0;
  return underWay.some(({ createdAt }) => now - Date.parse(createdAt) < YOUNG_MILLISECONDS) ? CLOSE_MILLISECONDS : SELDOM_MILLISECONDS;
}
