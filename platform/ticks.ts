import { setTimeout as delay } from 'node:timers/promises';

/** A timer may fire a little early: what is this near is the tick that just was. */
const NEAR_MS = 5;

/**
 * Waits for the next multiple of `everyMs` on this process' clock, or until the signal is aborted. Loops that wait so wake up
 * together, which costs an idle process far less than waking up for each of them.
 */
export async function untilTick(everyMs: number, signal: AbortSignal): Promise<void> {
  const left = everyMs - (performance.now() % everyMs);
  await delay(Math.ceil(left < NEAR_MS ? left + everyMs : left), undefined, { signal }).catch(() => undefined);
}
