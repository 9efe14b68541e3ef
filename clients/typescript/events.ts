import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { CommandCenterError } from './problem.ts';

/** One change of state of a run. */
export interface RunEvent {
  readonly runId: string;
  /** Counts from 1 within the run, without a gap. */
  readonly sequence: number;
  /** `run.started`, `node.succeeded`, …: see /asyncapi.json. */
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface FollowOptions {
  /** Events up to this one are not given again. */
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** Told before each new attempt when the connection was lost. */
  readonly onLost?: (error: Error) => void;
}

type Open = (headers: Readonly<Record<string, string>>) => Promise<Response>;

const LAST_EVENTS: ReadonlySet<string> = new Set(['run.succeeded', 'run.failed', 'run.cancelled']);
const RETRY_MS = 1_000;

/** The events of a run in their order until the one that ends it; a lost connection costs none and repeats none. */
export async function* followEvents(
  open: Open,
  { after = 0, signal, onLost }: FollowOptions,
): AsyncGenerator<RunEvent> {
  let last = after;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const response = await open(last === 0 ? {} : { 'Last-Event-ID': String(last) });
      if (response.status === 204) return;
      if (!response.ok || !response.body) throw await refusal(response);
      for await (const { data } of messagesOf(response.body)) {
        const event = JSON.parse(data) as RunEvent;
        last = event.sequence;
        yield event;
        if (LAST_EVENTS.has(event.type)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CommandCenterError && error.status < 500) throw error;
      onLost?.(error as Error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function* messagesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  let messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* messages;
    messages = [];
  }
}

async function refusal(response: Response): Promise<CommandCenterError> {
  const { status, statusText } = response;
  const plain = { status, title: statusText, detail: `The service answered ${status}`, code: '' };
  return new CommandCenterError((await response.json().catch(() => plain)) as typeof plain);
}
