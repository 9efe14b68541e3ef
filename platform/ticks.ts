/** A timer may fire a little early: what is this near is the tick that just was. */
const NEAR_MS = 5;

/**
 * Waits for the next multiple of `everyMs` on this process' clock, or until the signal is aborted. Loops that wait so wake up
 * together, which costs an idle process far less than waking up for each of them.
 */
export function untilTick(everyMs: number, signal: AbortSignal): Promise<void> {
  const left = everyMs - (performance.now() % everyMs);
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.ceil(left < NEAR_MS ? left + everyMs : left));
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
