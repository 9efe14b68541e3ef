import type { Client } from '../load/client.ts';
import type { Random } from '../random.ts';
import type { Rig } from '../rig/rig.ts';

/** What a fault may use. */
export interface Stage {
  readonly rig: Rig;
  readonly client: Client;
  readonly random: Random;
  /** The trial's, and another for each fault of it. */
  readonly seed: number;
  /** How often it has struck before. */
  readonly turn: number;
  /** Counts what this strike has hurt, for a fault of several kinds; told only once it has happened. */
  note(kind: string): void;
}

/** Something that goes wrong, once per call; resolves when it is over, except for what the service itself must mend. */
export interface Fault {
  readonly name: string;
  /** Seconds between two of it, from and to. */
  readonly every: readonly [number, number];
  strike(stage: Stage): Promise<void>;
  /** What this machine lacks for it; undefined where nothing is missing. */
  missing?(): Promise<string | undefined>;
}
