import { listEventsAfter, type EventRow } from '../../sql/queries/events.ts';
import { KEEP_ALIVE_MS, type ServerSentEvent } from '../event-stream.ts';
import type { Api } from '../api.ts';

const MOST_AT_ONCE = 500;
const LAST_EVENTS = new Set(['run.succeeded', 'run.failed', 'run.cancelled']);

interface Position {
  readonly runId: string;
  /** The sequence of the last event that the reader has. */
  readonly after: number;
  readonly signal: AbortSignal;
}

/** The events of a run from a position on, as they come, until the one that ends it; null now and then, to keep alive. */
export async function* followEvents(
  { db, runWatch }: Pick<Api, 'db' | 'runWatch'>,
  { runId, after, signal }: Position,
): AsyncGenerator<readonly ServerSentEvent[] | null> {
  let last = after;
  let spoke = performance.now();
  while (!signal.aborted) {
    const { changed, cancel } = runWatch.next(runId);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const events = await listEventsAfter(db, runId, last, MOST_AT_ONCE);
      if (events.length > 0) {
        last = events.at(-1)?.sequence ?? last;
        yield events.map((event) => presentEvent(runId, event));
        spoke = performance.now();
        if (events.some(({ type }) => LAST_EVENTS.has(type))) return;
        continue;
      }
      await changed;
      if (performance.now() - spoke < KEEP_ALIVE_MS) continue;
      yield null;
      spoke = performance.now();
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }
}

function presentEvent(runId: string, { sequence, type, createdAt, data }: EventRow): ServerSentEvent {
  return { id: String(sequence), event: type, data: { runId, sequence, type, time: createdAt.toISOString(), data } };
}
