import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { reach } from '../api-client.ts';

export type StreamState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly since: number; readonly why: string }
  | { readonly kind: 'ended' };

interface Following {
  readonly url: string;
  /** What came, at once for all that arrived together. */
  readonly onMessages: (messages: readonly EventSourceMessage[]) => void;
  readonly onState: (state: StreamState) => void;
  /** Asked when the service ended the stream: was that the end, or only the end of a connection? */
  readonly isOver: () => boolean | Promise<boolean>;
  readonly signal: AbortSignal;
}

/** The service says something every 15 s. */
const SILENCE_MS = 40_000;
const RETRY_MS = 1_000;

/** Reads server-sent events; after a lost connection it goes on behind the last one that came, without a gap. */
export async function followStream({ url, onMessages, onState, isOver, signal }: Following): Promise<void> {
  let lastId: string | undefined;
  let lostSince: number | undefined;
  onState({ kind: 'connecting' });
  while (!signal.aborted) {
    try {
      const ended = await readOnce(url, {
        lastId,
        signal,
        onOpen() {
          lostSince = undefined;
          onState({ kind: 'live' });
        },
        onMessages(messages) {
          lastId = messages.findLast(({ id }) => id !== undefined)?.id ?? lastId;
          onMessages(messages);
        },
      });
      if (ended || (await isOver())) {
        onState({ kind: 'ended' });
        return;
      }
      throw new Error('The service closed the connection.');
    } catch (error) {
      if (isAborted(signal)) return;
      lostSince ??= Date.now();
      onState({ kind: 'lost', since: lostSince, why: (error as Error).message });
      await pause(RETRY_MS, signal);
    }
  }
}

interface Reading extends Pick<Following, 'onMessages' | 'signal'> {
  readonly lastId: string | undefined;
  readonly onOpen: () => void;
}

/** True when the service says that nothing will ever follow. */
async function readOnce(url: string, { lastId, onOpen, onMessages, signal }: Reading): Promise<boolean> {
  const silence = new AbortController();
  const response = await reach(url, {
    headers: lastId === undefined ? {} : { 'Last-Event-ID': lastId },
    signal: AbortSignal.any([signal, silence.signal]),
  });
  if (response.status === 204) return true;
  if (!response.ok || !response.body) throw new Error(`The service answered ${response.status}.`);
  onOpen();
  let messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  let timer = window.setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => silence.abort(), SILENCE_MS);
      parser.feed(chunk);
      if (messages.length > 0) onMessages(messages);
      messages = [];
    }
  } finally {
    window.clearTimeout(timer);
  }
  return false;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}

/** Asked anew after each await: a narrowed `signal.aborted` would still be the one from before. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
