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
  network: [
    'kill',
    'link-cut',
    'link-hold',
    'link-lose',
    'client-kill',
    'postgres-slow',
    'postgres-connections',
    'script-flush',
  ],
  exhaustion: ['freeze', 'postgres-full', 'postgres-read-only', 'redis-pause', 'nats-pause', 'flush', 'buttons'],
} as const;

const ALONE = [...new Set(Object.values(MIXES).flat())];
/** Eight times 1,300 runs of the same load, so that one twin does for all. */
const MIXED_LOAD = { seed: 101, runs: 1300, lightShare: 0.96, seconds: 80 } as const;
const FAULT_SEEDS = [1, 2];

/**
 * Everything whose figures docs/GUARANTEES.md tells. Kills alone tell how soon a lost attempt has its next one; where
 * servers are away as well, that time is theirs.
 */
export const CAMPAIGN: readonly Piece[] = [
  ...[31, 32, 33].map((faultSeed, index) => ({
    name: `kills ${index + 1}`,
    ...{ seed: 31, faultSeed, runs: 120, lightShare: 0, shapes: ['long'] as const, seconds: 200 },
    faults: ['kill'],
    ...SIZE,
  })),
  { name: 'flushes', seed: 41, runs: 200, lightShare: 0.5, seconds: 60, faults: ['flush'], ...SIZE },
  {
    name: 'failpoints',
    ...{ seed: 51, runs: 400, lightShare: 0.5, seconds: 200 },
    // three processes at a time, each at a point of its own
    faults: ['failpoint', 'failpoint', 'failpoint'],
    ...SIZE,
  },
  ...FAULT_SEEDS.flatMap((faultSeed) =>
    Object.entries(MIXES).map(([mix, faults]) => ({
      name: `mixed ${mix} ${faultSeed}`,
      ...{ ...MIXED_LOAD, faultSeed, faults, ...SIZE },
    })),
  ),
  ...ALONE.map((fault) => ({
    name: `alone ${fault}`,
    ...{ seed: 61, runs: 60, lightShare: 0.5, seconds: 30, faults: [fault], ...SIZE },
  })),
];

/** The pieces whose names begin with one of these; all for `all`. @throws Error naming what there is */
export function choosePieces(names: readonly string[]): readonly Piece[] {
  const chosen = CAMPAIGN.filter(({ name }) => names.includes('all') || names.some((one) => name.startsWith(one)));
  if (chosen.length > 0) return chosen;
  throw new Error(`There is no such piece: choose of ${CAMPAIGN.map(({ name }) => name).join(', ')}`);
}
