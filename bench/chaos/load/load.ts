import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Caller } from './caller.ts';
import { isLight, type Definition } from './definitions.ts';

export interface LoadSize {
  readonly runs: number;
  /** What share of them are transforms alone, of which thousands cost little. */
  readonly lightShare: number;
  /** Of which shapes the others are; all by default. */
  readonly shapes?: readonly string[];
}

export interface LoadPlan {
  /** Which workflow each key starts, and when it is cancelled or paused; the same for the same seed. */
  readonly runs: readonly PlannedRun[];
}

interface PlannedRun {
  readonly key: string;
  readonly workflow: string;
  /** Absent for most. */
  readonly cancelAfterMs?: number;
  readonly pauseForMs?: number;
}

const CANCELLED_SHARE = 0.05;
const PAUSED_SHARE = 0.05;
/** How many callers there are: each waits for its answer before it triggers the next run. */
const CALLERS = 8;
const ALERT_EVERY = 10;

export function planLoad(
  random: Random,
  definitions: readonly Definition[],
  { runs, lightShare, shapes }: LoadSize,
): LoadPlan {
  const light = definitions.filter(isLight);
  const others = definitions.filter(
    (definition) => !isLight(definition) && (shapes?.some((shape) => definition.name.startsWith(`${shape}-`)) ?? true),
  );
  return {
    runs: Array.from({ length: runs }, (_, index) => ({
      key: `run-${index}`,
      workflow: random.pick(random.chance(lightShare) ? light : others).name,
      ...(random.chance(CANCELLED_SHARE) && { cancelAfterMs: random.between(0, 1500) }),
      ...(random.chance(PAUSED_SHARE) && { pauseForMs: random.between(100, 2000) }),
    })),
  };
}

/** Triggers everything, evenly over the seconds, and does to each run what is planned; resolves when all is answered. */
export async function drive(caller: Caller, { runs }: LoadPlan, seconds: number): Promise<void> {
  const startedAt = performance.now();
  const waiting = runs.map((run, index) => ({ run, index, dueMs: (index / runs.length) * seconds * 1000 }));
  const acts: Promise<void>[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await delay(Math.max(0, next.dueMs - (performance.now() - startedAt)));
      const runId = await caller.trigger(next.run.workflow, next.run.key);
      acts.push(actOn(caller, next.run, runId));
      if (next.index % ALERT_EVERY === 0) acts.push(caller.alert(`Alert${next.index}`));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, work));
  await Promise.all(acts);
}

async function actOn({ client }: Caller, run: PlannedRun, runId: string): Promise<void> {
  const path = `/api/workflows/${run.workflow}/runs/${runId}`;
  if (run.pauseForMs !== undefined) {
    await client.insist(`${path}/pause`, {});
    await delay(run.pauseForMs);
    await client.insist(`${path}/resume`, {});
  }
  if (run.cancelAfterMs !== undefined) {
    await delay(run.cancelAfterMs);
    await client.insist(`${path}/cancel`, {});
  }
}
