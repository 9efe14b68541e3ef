import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface WaitOptions {
  /** Default 30,000 ms: a busy machine is slow, and only what hangs waits as long. */
  readonly timeoutMs?: number;
  /** What is waited for; completes the sentence "waited … for". */
  readonly describe: string;
  /** Default 20 ms. */
  readonly intervalMs?: number;
}

/**
 * Asks again until `condition` gives something other than false, null or undefined, and returns it. A condition that
 * throws does not hold yet.
 *
 * @throws Error with what was waited for and what the condition gave last.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 30_000, describe, intervalMs = 20 }: WaitOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const outcome = await attempt(condition);
    if ('value' in outcome && holds(outcome.value)) return outcome.value;
    if (performance.now() > deadline) throw gaveUp(outcome, describe, timeoutMs);
    await delay(intervalMs);
  }
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(condition: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}

function holds<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}

function gaveUp(outcome: Outcome<unknown>, describe: string, timeoutMs: number): Error {
  const last = 'error' in outcome ? outcome.error : outcome.value;
  return new Error(`waited ${String(timeoutMs)} ms for ${describe}; last: ${inspect(last, { depth: 4 })}`, {
    cause: last,
  });
}
