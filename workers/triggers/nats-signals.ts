import { AppError } from '../../contracts/errors.ts';
import { isUuid } from '../../contracts/uuid.ts';
import type { RunControl } from '../../flows/control.ts';
import { nodeIdSchema } from '../../flows/names.ts';
import type { Service } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/log.ts';
import type { Nats, NatsMessage } from '../../platform/nats.ts';
import { untilTick } from '../../platform/ticks.ts';
import { readData } from './message-data.ts';

export interface NatsSignalsParts {
  readonly nats: Nats;
  readonly control: RunControl;
  readonly log: Logger;
  /** First part of the subject, and name of the events' stream; default: `commandcenter`, `COMMANDCENTER`. */
  readonly subjects?: { readonly stream: string; readonly prefix: string } | undefined;
}

const LOOK_EVERY_MS = 2_000;
const DURABLE = 'commandcenter-signals';
/** A signal that nobody took for so long is of no use to any run. */
const KEPT_MS = 7 * 24 * 3600 * 1000;
/** As the events' stream: a message that comes again within it is not even stored. */
const DUPLICATE_WINDOW_MS = 3_600_000;

/**
 * Takes signals by `<prefix>.signals.<runId>.<name>`, in every worker: they share the messages. They are kept in a stream, ours
 * unless another one has the subject, and acknowledged when the signal is committed; the same message counts once.
 */
export function createNatsSignals({ nats, control, log, subjects }: NatsSignalsParts): Service {
  const { stream: events, prefix } = subjects ?? { stream: 'COMMANDCENTER', prefix: 'commandcenter' };
  const subject = `${prefix}.signals.>`;
  const stopped = new AbortController();
  let subscribed: { readonly stream: string; end(): void } | undefined;
  let running = Promise.resolve();

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      await adjust().catch((error: unknown) => {
        log.debug({ cause: String(error) }, 'the stream of signals could not be looked at');
      });
      await untilTick(LOOK_EVERY_MS, stopped.signal);
    }
  }

  async function adjust(): Promise<void> {
    const stream = (await nats.findStream(subject)) ?? (await makeStream());
    if (subscribed?.stream === stream || stopped.signal.aborted) return;
    subscribed?.end();
    subscribed = { stream, end: nats.subscribeDurable({ stream, durable: DURABLE, subject }, take) };
  }

  async function makeStream(): Promise<string> {
    const name = `${events}_SIGNALS`;
    await nats.ensureStream({ name, subjects: [subject], duplicateWindowMs: DUPLICATE_WINDOW_MS, maxAgeMs: KEPT_MS });
    return name;
  }

  /** @throws AppError where it cannot be stored now: it comes again */
  async function take(message: NatsMessage): Promise<void> {
    const address = addressOf(message.subject.slice(`${prefix}.signals.`.length));
    if (address === null) {
      log.warn({ subject: message.subject }, 'a signal was dropped: its subject must end in <run id>.<signal>');
      return;
    }
    const { runId, name } = address;
    const payload = readData(message.text());
    try {
      await control.signal({ runId, name, payload, by: 'nats', ...messageIdOf(message) });
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      log.info({ runId, signal: name, reason: error.message }, 'a signal was dropped');
    }
  }

  return {
    name: 'nats signals',
    start() {
      running = loop();
      return Promise.resolve();
    },
    async stop() {
      stopped.abort();
      subscribed?.end();
      await running;
    },
  };
}

function addressOf(rest: string): { readonly runId: string; readonly name: string } | null {
  const [runId = '', name = '', ...more] = rest.split('.');
  return more.length === 0 && isUuid(runId) && nodeIdSchema.safeParse(name).success ? { runId, name } : null;
}

/** The sender's own id where there is one; else its place in the stream, which a second delivery has too. */
function messageIdOf({ header, stored }: NatsMessage): { messageId?: string } {
  const messageId = header('Nats-Msg-Id') ?? (stored && `${stored.stream}/${String(stored.sequence)}`);
  return messageId === undefined ? {} : { messageId };
}
