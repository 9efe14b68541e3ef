import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** How long an agent may clean up after it was told to stop; the engine kills it at 3 s. */
const CLEAN_UP_MS = 2_000;

/** A signal that aborts when the process is asked to end (SIGTERM from the engine, SIGINT from a terminal). */
export function abortOnSignals(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      controller.abort(new Error(`Stopped by ${name}`));
    });
  }
  return controller.signal;
}

/** The result of `work`; rejects with the signal's reason when `work` has not ended 2 s after the abort. */
export async function unlessAborted<T>(signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const grace = new AbortController();
  const abandoned = once(signal, 'abort', { signal: grace.signal })
    .then(() => delay(CLEAN_UP_MS, undefined, { signal: grace.signal }))
    .then(() => Promise.reject(signal.reason as Error));
  abandoned.catch(() => undefined); // lost races are no unhandled rejections
  try {
    return await Promise.race([work(), abandoned]);
  } finally {
    grace.abort();
  }
}
