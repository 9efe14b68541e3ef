import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './load/client.ts';
import type { Fault } from './faults/fault.ts';
import { createRandom } from './random.ts';
import type { Rig } from './rig/rig.ts';

/** How often each fault has struck. */
export type Strikes = Record<string, number>;

/**
 * Lets the faults strike side by side, each in its own rhythm, until told to stop; resolves when the last is over.
 * @param seed the times and the victims follow from it, as far as the machine's own timing lets them
 */
export async function inject(
  faults: readonly Fault[],
  { rig, client, seed, signal }: { rig: Rig; client: Client; seed: number; signal: AbortSignal },
): Promise<Strikes> {
  const strikes: Strikes = {};
  setMaxListeners(0, signal); // each fault listens
  await Promise.all(
    faults.map(async (fault, index) => {
      const random = createRandom(seed + 7919 * (index + 1));
      const [from, to] = fault.every;
      const note = (kind?: string) => {
        const name = kind === undefined ? fault.name : `${fault.name} ${kind}`;
        strikes[name] = (strikes[name] ?? 0) + 1;
      };
      for (let turn = 0; await pause(random.between(from * 1000, to * 1000), signal); turn++) {
        // what cannot be hurt just now (it is away already) is hurt another time
        await fault.strike({ rig, client, random, seed: seed + index, turn, note }).then(
          () => {
            note();
          },
          () => undefined,
        );
      }
    }),
  );
  return strikes;
}

/** False when it was told to stop. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal }).catch(() => false);
}
