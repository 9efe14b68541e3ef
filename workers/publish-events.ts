import { failpoint } from '../platform/failpoints.ts';
import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Nats } from '../platform/nats.ts';
import type { Database } from '../sql/pool.ts';
import { findUnpublished, markPublished, mirrorTo, type OutboxEvent } from '../sql/queries/outbox.ts';
import { eventMessage } from './event-message.ts';
import { createLedLoop, type LedLoop } from './leader.ts';

export interface PublisherParts {
  readonly db: Database;
  readonly nats: Nats;
  readonly hints: Hints;
  readonly log: Logger;
  readonly holder: string;
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
  holder,
  stream = 'COMMANDCENTER',
  prefix = 'commandcenter',
}: PublisherParts): LedLoop {
  let isStreamReady = false;
  let cursor = FIRST;

  /** True when the stream is another one than before: every event is to be published, also those that were. */
  async function prepareStream(): Promise<boolean> {
    if (isStreamReady) return false;
    const createdAt = await nats.ensureStream({
      name: stream,
      subjects: [`${prefix}.runs.>`],
      duplicateWindowMs: DUPLICATE_WINDOW_MS,
    });
    const isNew = await mirrorTo(db, stream, createdAt);
    isStreamReady = true;
    return isNew;
  }

  /** All at once, in their order; what the stream refuses, and what is behind it, run by run. */
  async function publishAll(batch: readonly OutboxEvent[]): Promise<readonly OutboxEvent[]> {
    const messages = batch.map((event) => ({ ...eventMessage(prefix, event), msgId: msgIdOf(event) }));
    const { count, refused } = await nats.publishInOrder(messages, PUBLISH_TIMEOUT_MS);
    if (count === batch.length) return batch;
    isStreamReady = false; // it may have been deleted: look before the next batch
    const published = batch.slice(0, count);
    if (!refused) return published;
    const rest = await Promise.all([...byRun(batch.slice(count)).values()].map(publishRun));
    return [...published, ...rest.flat()];
  }

  async function publishRun(events: readonly OutboxEvent[]): Promise<OutboxEvent[]> {
    const published: OutboxEvent[] = [];
    for (const event of events) {
      try {
        const { subject, payload } = eventMessage(prefix, event);
        await nats.publishJetStream(subject, payload, {
          msgId: msgIdOf(event),
          timeoutMs: PUBLISH_TIMEOUT_MS,
        });
        published.push(event);
      } catch (error) {
        isStreamReady = false;
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

  async function round(leading: AbortSignal): Promise<void> {
    for (;;) {
      const batch = await nextBatch();
      if (batch.length === 0 || leading.aborted) return;
      if (await prepareStream()) {
        // what was read before would come before the first events of its runs
        cursor = FIRST;
        continue;
      }
      const published = await publishAll(batch);
      if (published.length > 0) {
        failpoint('event-published');
        await markPublished(db, published);
      }
      // what came meanwhile has woken the loop
      if (published.length < batch.length || batch.length < BATCH) return;
    }
  }

  const loop = createLedLoop({ name: 'outbox', holder, db, log, everyMs: EVERY_MS, restMs: REST_MS, round });
  let unsubscribe: (() => void) | undefined;
  return {
    ...loop,
    start() {
      unsubscribe = hints.subscribe('run', () => {
        loop.wake();
      });
      return loop.start();
    },
    stop() {
      unsubscribe?.();
      return loop.stop();
    },
  };
}

function msgIdOf({ runId, sequence }: OutboxEvent): string {
  return `${runId}:${sequence}`;
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
