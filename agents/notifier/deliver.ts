import { setTimeout as delay } from 'node:timers/promises';
import type { AgentContext } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { DeliveryError } from './delivery-error.ts';

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;
/** A longer Retry-After is left to the engine's own retries. */
const LONGEST_DELAY_MS = 15_000;

/** Sends until it is accepted; tries again where the answer says that this may help, up to 4 times. */
export async function deliver(send: () => Promise<Answer>, { signal, log }: AgentContext): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    if (answer.kind === 'accepted') return;
    const waitMs = answer.retryAfterMs ?? backoffMs(attempt);
    if (!answer.retryable || attempt === ATTEMPTS || waitMs > LONGEST_DELAY_MS) throw failure(answer, attempt);
    log.warn('Not delivered, trying again', { reason: answer.reason, attempt, waitMs: Math.round(waitMs) });
    await delay(waitMs, undefined, { signal });
  }
}

/** Doubles per attempt, with up to half of it random so that many senders do not come back together. */
function backoffMs(attempt: number): number {
  return FIRST_DELAY_MS * 2 ** (attempt - 1) * (1 + Math.random() / 2);
}

function failure({ reason, retryable }: Exclude<Answer, { kind: 'accepted' }>, attempts: number): DeliveryError {
  const after = attempts > 1 ? ` after ${String(attempts)} attempts` : '';
  const hint = reason.startsWith('a private address') ? ' (NOTIFIER_ALLOW_PRIVATE=1 allows it)' : '';
  return new DeliveryError(`Not delivered${after}: ${reason}${hint}`, { retryable });
}
