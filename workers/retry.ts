import type { ErrorCode } from '../contracts/errors.ts';
import type { Retry } from '../flows/definition.ts';

/** An attempt that did not succeed. */
export interface AttemptFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly exitCode: number | null;
}

export type FailureClass = 'agent' | 'infrastructure' | 'timeout' | 'definition';

/** Attempts that the infrastructure may cost a node, beside the agent's own. */
export const LOST_BUDGET = 10;

/** What follows: another attempt after `delayMs` (`lost`: on the infrastructure's account), or the end. */
export type Verdict =
  { readonly retry: true; readonly delayMs: number; readonly lost: boolean } | { readonly retry: false };

const INFRASTRUCTURE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'EXECUTOR_UNAVAILABLE',
  'WORKER_LOST',
  'UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
]);
const DEFINITION: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'TEMPLATE_ERROR',
  'EXPRESSION_ERROR',
  'NODE_INPUT_INVALID',
  'AGENT_NOT_FOUND',
]);

export function classOf(code: ErrorCode): FailureClass {
  if (INFRASTRUCTURE.has(code)) return 'infrastructure';
  if (DEFINITION.has(code)) return 'definition';
  return code === 'TIMEOUT' ? 'timeout' : 'agent';
}

/**
 * Decides whether an attempt is followed by another.
 * @param attempt counts from 1, attempts lost to the infrastructure included
 * @param remainingMs what the node's total time-out leaves; Infinity without one
 */
export function judge(
  failure: Pick<AttemptFailure, 'code' | 'retryable'>,
  retry: Retry,
  { attempt, lostAttempts, remainingMs }: { attempt: number; lostAttempts: number; remainingMs: number },
  random: () => number = Math.random,
): Verdict {
  const failureClass = classOf(failure.code);
  if (failureClass === 'definition') return { retry: false };
  if (failureClass === 'infrastructure') {
    if (lostAttempts >= LOST_BUDGET || !retry.on.includes('infrastructure')) return { retry: false };
    const delayMs = Math.min(250 * 2 ** lostAttempts, 15_000);
    return delayMs < remainingMs ? { retry: true, delayMs, lost: true } : { retry: false };
  }
  const ownAttempts = attempt - lostAttempts;
  if (!failure.retryable || ownAttempts >= retry.attempts || !retry.on.includes(failureClass)) return { retry: false };
  const delayMs = backoffMs(retry.backoff, ownAttempts, random);
  return delayMs < remainingMs ? { retry: true, delayMs, lost: false } : { retry: false };
}

/** The pause after the `attempt`-th attempt, in milliseconds. Jitter takes away up to that share of it, at random. */
export function backoffMs(
  { type, delayMs, maxDelayMs, jitter }: Retry['backoff'],
  attempt: number,
  random: () => number = Math.random,
): number {
  const growth = { fixed: 1, linear: attempt, exponential: 2 ** (attempt - 1) }[type];
  const full = Math.min(delayMs * growth, maxDelayMs);
  return Math.round(full * (1 - jitter * random()));
}
