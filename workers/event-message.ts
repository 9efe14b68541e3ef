import { toCloudEvent } from '../contracts/events.ts';
import { toShownJson } from '../contracts/json.ts';
import type { OrderedMessage } from '../platform/nats.ts';
import type { OutboxEvent } from '../sql/queries/outbox.ts';

/** Below NATS' own limit of 1 MiB a message. */
const MOST_BYTES = 1_000_000;
/** Everything else would be a level of the subject, a wildcard, or refused by the server for ever. */
const NOT_IN_A_SUBJECT = /[^A-Za-z0-9_-]/g;

/**
 * An event of the outbox as a message that NATS takes, whatever the row holds: one that it refuses would be sent again
 * for ever, and everything behind it in its run would wait. What is too large goes without its data, which Postgres has.
 */
export function eventMessage(prefix: string, event: OutboxEvent): OrderedMessage {
  const [workflow, ...type] = [event.workflowName, ...event.type.split('.')].map(asToken);
  const subject = [prefix, 'runs', workflow, event.runId, ...type].join('.');
  const series = event.runId;
  const msgId = `${series}:${event.sequence}`;
  const payload = toShownJson(toCloudEvent(event));
  if (Buffer.byteLength(payload) <= MOST_BYTES) return { subject, payload, msgId, series };
  return { subject, payload: toShownJson(toCloudEvent({ ...event, data: { truncated: true } })), msgId, series };
}

function asToken(text: string): string {
  const token = text.replaceAll(NOT_IN_A_SUBJECT, '_').slice(0, 200);
  return token === '' ? '_' : token;
}
