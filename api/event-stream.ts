import { Readable } from 'node:stream';
import { toShownJson } from '../contracts/json.ts';
import type { Answer } from './route.ts';

/** One message of a stream of server-sent events; `data` is one JSON value. */
export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: object;
}

export const EVENT_STREAM = 'text/event-stream';
/** Proxies close what is silent for a minute. */
export const KEEP_ALIVE_MS = 15_000;

const HEADERS = {
  'Content-Type': `${EVENT_STREAM}; charset=utf-8`,
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

/**
 * Streams what the source gives, `null` as a comment that keeps the connection alive. A reader that is slow is waited for:
 * nothing piles up here, the source is asked for more only when there is room.
 */
export function eventStream(source: AsyncIterable<readonly ServerSentEvent[] | null>): Answer {
  return {
    status: 200,
    body: Readable.from(encode(source), { objectMode: false, highWaterMark: 64 * 1024 }),
    headers: HEADERS,
  };
}

async function* encode(source: AsyncIterable<readonly ServerSentEvent[] | null>): AsyncGenerator<Buffer> {
  yield Buffer.from('retry: 1000\n\n');
  for await (const events of source)
    yield Buffer.from(events === null ? ': still here\n\n' : events.map(frame).join(''));
}

/** JSON has no line breaks of its own, so one data line is enough. */
function frame({ id, event, data }: ServerSentEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${toShownJson(data)}\n\n`;
}
