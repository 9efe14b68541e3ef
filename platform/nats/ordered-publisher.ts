import { createInbox, headers as emptyHeaders, type Msg, type NatsConnection } from 'nats';
import { eachInTurns } from '../in-turns.ts';

export interface OrderedMessage {
  readonly subject: string;
  readonly payload: string;
  readonly msgId: string;
}

/** How far a list of messages got. */
export interface Stored {
  /** So many of the first messages are in the stream; of those behind them nothing is known. */
  readonly count: number;
  /**
   * Why not all: the server refused the next one; it has got messages of others since the list before, so that what was read before
   * may be out of date; or it said nothing, or has no stream for it.
   */
  readonly stopped?: 'refused' | 'overtaken' | 'silent';
}

/**
 * Publishes messages to one stream behind each other without waiting for each. A message demands that the one before it is the
 * stream's last: when one is lost or refused, all behind it are refused. So does the first of a list, of the last one of the list
 * before: a process that was asleep meanwhile, while another one published or the stream was made anew, publishes nothing. Each
 * message has an acknowledgement of its own, so that what is said to be stored was said so by the server.
 */
export interface OrderedPublisher {
  publish(messages: readonly OrderedMessage[], timeoutMs: number): Promise<Stored>;
}

/** Of one window: enough to hide the way to the server, little enough for its memory and ours. */
const MOST_MESSAGES = 250;
const MOST_CHARACTERS = 2_000_000;

/** The server's answer to one message. */
interface Ack {
  readonly seq?: number;
  readonly error?: { readonly err_code?: number };
}

/** Of the server: another message than the one that was demanded is the last. */
const WRONG_LAST_MSG_ID = 10_070;

/** What waits for the answers to one window. */
interface Window {
  readonly id: number;
  take(index: number, ack: Ack): void;
}

export function createOrderedPublisher(nats: NatsConnection): OrderedPublisher {
  const inbox = createInbox();
  let windows = 0;
  let current: Window | undefined;
  /** The id of the stream's last message, where it is one of these. */
  let last: string | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  nats.subscribe(`${inbox}.*.*`, {
    callback: (error, message) => {
      const [id, index] = message.subject.slice(inbox.length + 1).split('.');
      if (error === null && current?.id === Number(id)) current.take(Number(index), readAck(message));
    },
  });

  async function publish(messages: readonly OrderedMessage[], timeoutMs: number): Promise<Stored> {
    let count = 0;
    while (count < messages.length) {
      const window = messages.slice(count, count + sizeOfWindow(messages, count));
      const stored = await send(window, timeoutMs);
      count += stored.count;
      last = stored.stopped ? undefined : window.at(-1)?.msgId;
      if (stored.stopped) return { count, stopped: stored.stopped };
    }
    return { count };
  }

  async function send(window: readonly OrderedMessage[], timeoutMs: number): Promise<Stored> {
    const id = ++windows;
    const stored = collect(id, window.length, timeoutMs);
    await eachInTurns(window, ({ subject, payload, msgId }, index) => {
      if (current?.id !== id) return; // refused before all were sent, or too slow
      const headers = emptyHeaders();
      headers.set('Nats-Msg-Id', msgId);
      const before = index === 0 ? last : window[index - 1]?.msgId;
      if (before !== undefined) headers.set('Nats-Expected-Last-Msg-Id', before);
      try {
        nats.publish(subject, payload, { headers, reply: `${inbox}.${String(id)}.${String(index)}` });
      } catch {
        current.take(index, { error: {} }); // too large for the server, which refuses what is behind it
      }
    });
    return stored;
  }

  /** Resolves when all have said yes, one has said no and all before it yes, or the time is over. */
  function collect(id: number, expected: number, timeoutMs: number): Promise<Stored> {
    const acks: Ack[] = [];
    let count = 0;
    return new Promise((resolve) => {
      const end = (stopped?: Stored['stopped']): void => {
        clearTimeout(timer);
        current = undefined;
        resolve({ count, ...(stopped && { stopped }) });
      };
      const timer = setTimeout(end, timeoutMs, 'silent');
      current = {
        id,
        take(index, given) {
          acks[index] = given;
          for (let ack = acks[count]; ack !== undefined; ack = acks[count]) {
            if (ack.seq === undefined || ack.error !== undefined) {
              end(whyNot(ack, count));
              return;
            }
            count += 1;
          }
          if (count === expected) end();
        },
      };
    });
  }

  return {
    // one list at a time: two would refuse each other's messages
    publish(messages, timeoutMs) {
      const published = underWay.then(() => publish(messages, timeoutMs));
      underWay = published.catch(() => undefined);
      return published;
    },
  };
}

function sizeOfWindow(messages: readonly OrderedMessage[], start: number): number {
  let characters = 0;
  let size = 0;
  while (size < MOST_MESSAGES && start + size < messages.length) {
    characters += messages[start + size]?.payload.length ?? 0;
    if (size > 0 && characters > MOST_CHARACTERS) break;
    size += 1;
  }
  return size;
}

/** The first of a window demands the last one of the window before; the others their neighbours, of which one was refused. */
function whyNot({ error }: Ack, index: number): Stored['stopped'] {
  if (error === undefined) return 'silent';
  return index === 0 && error.err_code === WRONG_LAST_MSG_ID ? 'overtaken' : 'refused';
}

/** An answer without a body says that no stream takes the subject. */
function readAck(message: Msg): Ack {
  try {
    return message.data.length === 0 ? {} : message.json<Ack>();
  } catch {
    return {};
  }
}
