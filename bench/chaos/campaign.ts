import type { TrialPlan } from './trial.ts';

/** One trial of a campaign, with its faults by name. */
export interface Piece extends Omit<TrialPlan, 'faults' | 'twin'> {
  readonly name: string;
  readonly faults: readonly string[];
}

const SIZE = { apis: 2, workers: 3 } as const;

/** What is hurt at the same time: of everything at once a service does little more than start again. */
const MIXES = {
  processes: ['kill', 'freeze', 'retire', 'failpoint', 'clock-skew', 'flush', 'buttons'],
  servers: ['kill', 'postgres-crash', 'redis-kill', 'redis-full', 'evict', 'nats-kill', 'stream-delete', 'stream-full'],
  network: ['kill', 'link-cut', 'link-hold', 'client-kill', 'postgres-slow', 'postgres-connections', 'script-flush'],
  exhaustion: ['freeze', 'postgres-full', 'postgres-read-only', 'redis-pause', 'nats-pause', 'flush', 'buttons'],
} as const;

const ALONE = [...new Set(Object.values(MIXES).flat())];
const SEEDS_OF_MIXES = [101, 102, 103];
const RUNS_OF_A_MIX = 900;

/**
 * Everything whose figures docs/GUARANTEES.md tells. Pieces of one seed, number of runs and length have one twin. Kills
 * alone tell how soon a lost attempt has its next one; where servers are away as well, that time is theirs.
 */
export const CAMPAIGN: readonly Piece[] = [
  { name: 'kills', seed: 31, runs: 400, seconds: 240, faults: ['kill'], ...SIZE },
  { name: 'flushes', seed: 41, runs: 400, seconds: 60, faults: ['flush'], ...SIZE },
  { name: 'failpoints', seed: 51, runs: 600, seconds: 420, faults: ['failpoint'], ...SIZE },
  ...ALONE.map((fault) => ({ name: `alone ${fault}`, seed: 61, runs: 100, seconds: 40, faults: [fault], ...SIZE })),
  ...SEEDS_OF_MIXES.flatMap((seed) =>
    Object.entries(MIXES).map(([mix, faults]) => ({
      name: `mixed ${mix} ${seed}`,
      ...{ seed, runs: RUNS_OF_A_MIX, seconds: 150, faults, ...SIZE },
    })),
  ),
];

/** The pieces whose names begin with one of these; all for `all`. @throws Error naming what there is */
export function choosePieces(names: readonly string[]): readonly Piece[] {
  const chosen = CAMPAIGN.filter(({ name }) => names.includes('all') || names.some((one) => name.startsWith(one)));
  if (chosen.length > 0) return chosen;
  throw new Error(`There is no such piece: choose of ${CAMPAIGN.map(({ name }) => name).join(', ')}`);
}
