import type { Client } from '../load/client.ts';
import type { Random } from '../random.ts';
import type { Rig } from '../rig/rig.ts';

/** What a fault may use. */
export interface Stage {
  readonly rig: Rig;
  readonly client: Client;
  readonly random: Random;
}

/** Something that goes wrong, once per call; resolves when it is over, except for what the service itself must mend. */
export interface Fault {
  readonly name: string;
  /** Seconds between two of it, from and to. */
  readonly every: readonly [number, number];
  strike(stage: Stage): Promise<void>;
}
