import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../contracts/json.ts';
import { WHOLE_WORKFLOW } from '../../flows/budget.ts';
import type { Trigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import type { Submitter } from '../../flows/submit.ts';
import type { Service } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/log.ts';
import type { Nats, NatsMessage } from '../../platform/nats.ts';
import { untilTick } from '../../platform/ticks.ts';
import type { Database } from '../../sql/pool.ts';
import { recordDecisions, type NewDecision } from '../../sql/queries/triggers.ts';
import { readData } from './message-data.ts';
import { startRun, whatBecame } from './start-run.ts';
import type { ActiveTrigger, ActiveTriggers } from './triggered-workflows.ts';

type NatsTrigger = ActiveTrigger<Extract<Trigger, { type: 'nats' }>>;

export interface NatsTriggersParts {
  readonly db: Database;
  readonly nats: Nats;
  readonly submitter: Submitter;
  readonly activeTriggers: ActiveTriggers;
  readonly log: Logger;
}

interface Subscription {
  /** Changes where the subscription has to be another one. */
  readonly key: string;
  /** What a message is handled by: the newest version of the trigger. */
  trigger: NatsTrigger;
  end(): void;
}

const LOOK_EVERY_MS = 2_000;
/** How long a message's id is remembered: longer than JetStream's own window. */
const REMEMBERED_SECONDS = 7 * 24 * 3600;
/** A message that no stream keeps is tried this often while the database is away, and then lost. */
const PLAIN_ATTEMPTS = 20;

/**
 * Subscribes to the subjects of `nats` triggers, in every worker: those who share a trigger share its messages. From a stream
 * a message is acknowledged when its run is stored, and comes again until it is; where no stream keeps the subject it is
 * taken as it flies by.
 */
export function createNatsTriggers({ db, nats, submitter, activeTriggers, log }: NatsTriggersParts): Service {
  const subscriptions = new Map<string, Subscription>();
  const stopped = new AbortController();
  let running = Promise.resolve();

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await adjust(await activeTriggers(db, 'nats'));
      } catch (error) {
        log.debug({ cause: String(error) }, 'the subjects of triggers could not be looked at');
      }
      await untilTick(LOOK_EVERY_MS, stopped.signal);
    }
  }

  async function adjust(wanted: readonly NatsTrigger[]): Promise<void> {
    const ids = new Set(wanted.map(({ id }) => id));
    for (const [id, { end }] of subscriptions) {
      if (ids.has(id)) continue;
      end();
      subscriptions.delete(id);
    }
    for (const trigger of wanted) {
      const stream = await nats.findStream(trigger.trigger.subject);
      const key = `${trigger.trigger.subject} ${stream ?? ''}`;
      const known = subscriptions.get(trigger.id);
      if (known?.key === key) {
        known.trigger = trigger;
        continue;
      }
      known?.end();
      subscriptions.set(trigger.id, subscribe(trigger, stream, key));
    }
  }

  function subscribe(trigger: NatsTrigger, stream: string | null, key: string): Subscription {
    const subscription: Subscription = { key, trigger, end: () => undefined };
    const { subject } = trigger.trigger;
    const take = (message: NatsMessage) => takeMessage(db, submitter, subscription.trigger, message);
    const queue = `commandcenter-${trigger.id.replaceAll('.', '-')}`;
    const end =
      stream === null
        ? nats.subscribe(subject, (message) => repeat(() => take(message)), { queue })
        : nats.subscribeDurable({ stream, durable: `${queue}-${hash(subject)}`, subject }, take);
    return Object.assign(subscription, { end });
  }

  async function repeat(work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await work();
        return;
      } catch (error) {
        if (attempt === PLAIN_ATTEMPTS || stopped.signal.aborted) throw error;
        await delay(Math.min(200 * 2 ** attempt, 5_000));
      }
    }
  }

  return {
    name: 'nats triggers',
    start() {
      running = loop();
      return Promise.resolve();
    },
    async stop() {
      stopped.abort();
      for (const { end } of subscriptions.values()) end();
      await running;
    },
  };
}

/** @throws AppError with status 503 when it cannot be stored: not acknowledged then */
async function takeMessage(
  db: Database,
  submitter: Submitter,
  trigger: NatsTrigger,
  message: NatsMessage,
): Promise<void> {
  const { id: triggerId, workflowId, workflowName } = trigger;
  const { subject } = message;
  const msgId =
    message.header('Nats-Msg-Id') ?? (message.stored && `${message.stored.stream}/${message.stored.sequence}`);
  const data = readData(message.text());
  const decision = {
    triggerId,
    workflowId,
    workflowName,
    triggerType: 'nats',
    subject: { subject, msgId: msgId ?? null },
  };
  const key = `${workflowId}/${msgId ?? ''}`;
  const outcome = await startRun(submitter, () => ({
    workflow: workflowId,
    input: mapInput(trigger.trigger.mapping, { subject, msgId: msgId ?? null, data }),
    trigger: { type: 'nats', triggerId, subject, msgId: msgId ?? null },
    counts: WHOLE_WORKFLOW,
    ...(msgId !== undefined && {
      idempotency: { scope: 'nats', key, requestHash: key, ttlSeconds: REMEMBERED_SECONDS },
    }),
  }));
  await recordDecisions(db, [{ ...decision, ...becameOf(outcome, decision.subject, data) }]);
}

/** A message that its workflow refuses would be refused again: it is kept, whole, among the decisions. */
function becameOf(
  outcome: Awaited<ReturnType<typeof startRun>>,
  subject: { subject: string; msgId: string | null },
  data: Json,
): Pick<NewDecision, 'outcome' | 'message' | 'runId'> & { subject: Json } {
  if (!outcome.started) return { outcome: 'dead_letter', message: outcome.message, subject: { ...subject, data } };
  return { ...whatBecame(outcome), ...(!outcome.created && { outcome: 'duplicate' }), subject };
}

/** A changed subject is another consumer: the filter of one cannot be trusted to change. */
function hash(text: string): string {
  let value = 0;
  for (const character of text) value = (Math.imul(value, 31) + character.charCodeAt(0)) | 0;
  return (value >>> 0).toString(36);
}
