import { createInbox, headers as emptyHeaders, type Msg, type NatsConnection } from 'nats';
import { eachInTurns } from '../in-turns.ts';

export interface OrderedMessage {
  readonly subject: string;
  readonly payload: string;
  readonly msgId: string;
  /** Messages of one series stand next to each other in a list, and are published in this order wherever they are published. */
  readonly series: string;
}

/** How far a list of messages got. */
export interface Stored {
  /** So many of the first messages are in the stream, as far as one was acknowledged; of those behind them nothing is known. */
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
 * before: a process that was asleep meanwhile, while another one published or the stream was made anew, publishes nothing.
 *
 * The server acknowledges the first and the last message of each series. Those between them are there as well, since the last
 * one gets into the stream only behind them. It says nothing of other series: a message that was there already is acknowledged
 * whatever it demands, also where those before it in the list were refused.
 */
export interface OrderedPublisher {
  publish(messages: readonly OrderedMessage[], timeoutMs: number): Promise<Stored>;
}

/** Of one window: enough to hide the way to the server, little enough for its memory and ours. */
const MOST_MESSAGES = 250;
const MOST_CHARACTERS = 2_000_000;

/** The server's answer to a message that is the first or the last of its series. */
interface Ack {
  readonly seq?: number;
  readonly error?: { readonly err_code?: number };
}

/** Of the server: another message than the one that was demanded is the last. */
const WRONG_LAST_MSG_ID = 10_070;

/** What waits for the answers to one window. */
interface Window {
  readonly id: number;
  take(answer: number, ack: Ack): void;
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
      const [id, answer] = message.subject.slice(inbox.length + 1).split('.');
      if (error === null && current?.id === Number(id)) current.take(Number(answer), readAck(message));
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
    const ends = endsOfSeries(window);
    const stored = collect(id, ends, timeoutMs);
    let asked = 0;
    await eachInTurns(window, ({ subject, payload, msgId }, index) => {
      if (current?.id !== id) return; // refused before all were sent, or too slow
      const headers = emptyHeaders();
      headers.set('Nats-Msg-Id', msgId);
      const before = index === 0 ? last : window[index - 1]?.msgId;
      if (before !== undefined) headers.set('Nats-Expected-Last-Msg-Id', before);
      const answer = index === ends[asked] ? asked++ : undefined;
      try {
        nats.publish(subject, payload, {
          headers,
          ...(answer !== undefined && { reply: `${inbox}.${String(id)}.${String(answer)}` }),
        });
      } catch {
        // too large for the server, which refuses what is behind it
        if (answer !== undefined) current.take(answer, { error: {} });
      }
    });
    return stored;
  }

  /** Resolves when all that were asked have said yes, one has said no and all before it yes, or the time is over. */
  function collect(id: number, asked: readonly number[], timeoutMs: number): Promise<Stored> {
    const acks: Ack[] = [];
    let answered = 0;
    return new Promise((resolve) => {
      const end = (stopped?: Stored['stopped']): void => {
        clearTimeout(timer);
        current = undefined;
        const count = (asked[answered - 1] ?? -1) + 1;
        resolve({ count, ...(stopped && { stopped }) });
      };
      const timer = setTimeout(end, timeoutMs, 'silent');
      current = {
        id,
        take(answer, given) {
          acks[answer] = given;
          for (let ack = acks[answered]; ack !== undefined; ack = acks[answered]) {
            if (ack.seq === undefined || ack.error !== undefined) {
              end(whyNot(ack, answered));
              return;
            }
            answered += 1;
          }
          if (answered === asked.length) end();
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

/** Where in the window a series, or what the window has of it, begins or ends. */
function endsOfSeries(window: readonly OrderedMessage[]): number[] {
  return [...window.keys()].filter(
    (index) =>
      window[index]?.series !== window[index - 1]?.series || window[index]?.series !== window[index + 1]?.series,
  );
}

/** The first of a window demands the last one of the window before; the others their neighbours, of which one was refused. */
function whyNot({ error }: Ack, answer: number): Stored['stopped'] {
  if (error === undefined) return 'silent';
  return answer === 0 && error.err_code === WRONG_LAST_MSG_ID ? 'overtaken' : 'refused';
}

/** An answer without a body says that no stream takes the subject. */
function readAck(message: Msg): Ack {
  try {
    return message.data.length === 0 ? {} : message.json<Ack>();
  } catch {
    return {};
  }
}
