import { setTimeout as delay } from 'node:timers/promises';

const AGAIN_MS = 200;
const LONGEST_MS = 60_000;

/**
 * Takes back what a fault has done, again and again until it is done: another fault may have the server just now, and
 * what stayed hurt for ever would be no fault of the service. @throws the last error after a minute
 */
export async function insist<T>(act: () => Promise<T>): Promise<T> {
  const end = performance.now() + LONGEST_MS;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(AGAIN_MS);
    }
  }
}
