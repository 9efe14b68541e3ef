import { failpoint } from '../platform/failpoints.ts';
import type { Hints } from '../platform/hints.ts';
import { eachInTurns } from '../platform/in-turns.ts';
import type { Logger } from '../platform/log.ts';
import type { Nats, OrderedMessage } from '../platform/nats.ts';
import type { Database } from '../sql/pool.ts';
import { findUnpublished, markPublished, mirrorTo, type Mirror, type OutboxEvent } from '../sql/queries/outbox.ts';
import { eventMessage } from './event-message.ts';
import { createLedLoop, type Lead, type LedLoop } from './leader.ts';
import type { Leads } from './leads.ts';
import type { Rest } from './rest.ts';

export interface PublisherParts {
  readonly db: Database;
  readonly nats: Nats;
  readonly hints: Hints;
  readonly log: Logger;
  readonly leads: Leads;
  readonly rest: Rest;
  readonly stream?: string;
  /** First token of the subjects. */
  readonly prefix?: string;
}

const DUPLICATE_WINDOW_MS = 2 * 3600 * 1000;
const BATCH = 1000;
const FIRST = '00000000-0000-0000-0000-000000000000';
/** A hint comes before it, with each change of a run. */
const EVERY_MS = 1000;
/** A run that ends within this time is read and marked once, not once for each of its transactions. */
const REST_MS = 25;
const PUBLISH_TIMEOUT_MS = 5000;
/** Somebody may put another stream in the place of this one, to which everything can be published without an error. */
const LOOK_EVERY_MS = 30_000;

/**
 * Mirrors the outbox to JetStream: one publisher at a time, each message on the condition that the one before it is the
 * stream's last, so that a run's messages arrive in order. Where the stream refuses one, runs go side by side, with one
 * message in flight per run. A message that was stored but not marked is sent again under the same id, which the stream drops.
 */
export function createEventPublisher({
  db,
  nats,
  hints,
  log,
  leads,
  rest,
  stream = 'COMMANDCENTER',
  prefix = 'commandcenter',
}: PublisherParts): LedLoop {
  /** The stream as it was when it was looked at. */
  let mirror: Mirror | undefined;
  let lookedAt = -Infinity;
  let cursor = FIRST;
  let isTold = false;
  const mayRest = rest.forLoop('outbox');

  /** True when the stream is another one than before: every event is to be published, also those that were. */
  async function prepareStream(): Promise<boolean> {
    if (mirror && performance.now() - lookedAt < LOOK_EVERY_MS) return false;
    mirror = undefined;
    const createdAt = await nats.ensureStream({
      name: stream,
      subjects: [`${prefix}.runs.>`],
      duplicateWindowMs: DUPLICATE_WINDOW_MS,
    });
    const isNew = await mirrorTo(db, { stream, createdAt });
    mirror = { stream, createdAt };
    lookedAt = performance.now();
    return isNew;
  }

  /** All at once, in their order; what the stream refuses, and what is behind it, run by run. */
  async function publishAll(batch: readonly OutboxEvent[], lead: Lead): Promise<readonly OutboxEvent[]> {
    const messages: OrderedMessage[] = [];
    await eachInTurns(batch, (event) => messages.push(eventMessage(prefix, event)));
    const { count, stopped } = await nats.publishInOrder(messages, PUBLISH_TIMEOUT_MS);
    if (stopped === undefined) return batch;
    lookedAt = -Infinity; // the stream may have been deleted, or have got messages of another publisher
    const published = batch.slice(0, count);
    if (stopped === 'overtaken') goOn();
    if (stopped !== 'refused') return published;
    const others = [...byRun(batch.slice(count)).values()].map((events) => publishRun(events, lead));
    return [...published, ...(await Promise.all(others)).flat()];
  }

  async function publishRun(events: readonly OutboxEvent[], lead: Lead): Promise<OutboxEvent[]> {
    const published: OutboxEvent[] = [];
    for (const event of events) {
      if (!lead.isFresh()) break;
      try {
        const { subject, payload, msgId } = eventMessage(prefix, event);
        await nats.publishJetStream(subject, payload, {
          msgId,
          timeoutMs: PUBLISH_TIMEOUT_MS,
        });
        published.push(event);
      } catch (error) {
        log.debug({ err: error, runId: event.runId }, 'an event was not published yet');
        break;
      }
    }
    return published;
  }

  /** Goes round by run id, so that no run waits behind others for ever. */
  async function nextBatch(): Promise<readonly OutboxEvent[]> {
    const batch = await findUnpublished(db, cursor, BATCH);
    cursor = batch.length < BATCH ? FIRST : beforeLast(batch);
    return batch;
  }

  async function round(leading: AbortSignal, lead: Lead): Promise<void> {
    if (lead.isNew) lookedAt = -Infinity; // another publisher may have made the stream anew, and not lived to say so
    // what it is told of is newer than the answer that all loops share
    if (!isTold && (await mayRest())) return;
    isTold = false;
    const batch = await nextBatch();
    if (batch.length === 0 || leading.aborted) return;
    if (await prepareStream()) {
      // what was read before would come before the first events of its runs
      cursor = FIRST;
      goOn();
      return;
    }
    if (mirror === undefined || !lead.isFresh()) return;
    const published = await publishAll(batch, lead);
    if (published.length > 0) {
      failpoint('event-published');
      if (!(await markPublished(db, published, mirror))) lookedAt = -Infinity;
    }
    if (batch.length === BATCH && published.length === BATCH) goOn();
  }

  function goOn(): void {
    isTold = true;
    loop.wake();
  }

  const loop = createLedLoop({ name: 'outbox', leads, log, everyMs: EVERY_MS, restMs: REST_MS, round });
  let unsubscribe: (() => void) | undefined;
  return {
    ...loop,
    start() {
      unsubscribe = hints.subscribe('run', goOn);
      return loop.start();
    },
    stop() {
      unsubscribe?.();
      return loop.stop();
    },
  };
}

/** The last run of a full batch may be cut; the next one begins with it. */
function beforeLast(batch: readonly OutboxEvent[]): string {
  const last = batch.at(-1)?.runId;
  const before = batch.findLast(({ runId }) => runId !== last)?.runId;
  return before ?? FIRST;
}

function byRun(events: readonly OutboxEvent[]): Map<string, OutboxEvent[]> {
  const runs = new Map<string, OutboxEvent[]>();
  for (const event of events) {
    const list = runs.get(event.runId);
    if (list) list.push(event);
    else runs.set(event.runId, [event]);
  }
  return runs;
}
