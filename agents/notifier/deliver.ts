import { setTimeout as delay } from 'node:timers/promises';
import type { AgentContext } from '../kit/index.ts';
import type { Destination } from './destination.ts';
import { post, type Answer } from './post.ts';

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;
/** A longer Retry-After is left to the engine's own retries. */
const LONGEST_DELAY_MS = 15_000;

/** Why a message did not get through. Its text never holds the address. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly retryable: boolean;

  constructor(message: string, { retryable = false }: { retryable?: boolean } = {}) {
    super(message);
    this.retryable = retryable;
  }
}

interface Delivery {
  readonly messageId: string;
  readonly context: AgentContext;
}

/** Posts `body` as JSON until it is accepted; tries again on 429, 5xx and connection errors, up to 4 times. */
export async function deliver(
  destination: Destination,
  body: unknown,
  { messageId, context }: Delivery,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await post(destination, JSON.stringify(body), { messageId, signal: context.signal });
    if (answer.kind === 'accepted') return;
    const waitMs = answer.retryAfterMs ?? backoffMs(attempt);
    if (!answer.retryable || attempt === ATTEMPTS || waitMs > LONGEST_DELAY_MS) throw failure(answer, attempt);
    context.log.warn('Not delivered, trying again', { reason: answer.reason, attempt, waitMs: Math.round(waitMs) });
    await delay(waitMs, undefined, { signal: context.signal });
  }
}

/** Doubles per attempt, with up to half of it random so that many senders do not come back together. */
function backoffMs(attempt: number): number {
  return FIRST_DELAY_MS * 2 ** (attempt - 1) * (1 + Math.random() / 2);
}

function failure(answer: Exclude<Answer, { kind: 'accepted' }>, attempts: number): DeliveryError {
  const after = attempts > 1 ? ` after ${String(attempts)} attempts` : '';
  return new DeliveryError(`Not delivered${after}: ${answer.reason}`, { retryable: answer.retryable });
}
