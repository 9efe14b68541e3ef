import { copyFile, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { check, isClean, type Verdict } from './check.ts';
import type { Fault } from './faults/fault.ts';
import type { History } from './history/history.ts';
import { inject, type Strikes } from './inject.ts';
import { createCaller, type Caller } from './load/caller.ts';
import { makeDefinitions } from './load/definitions.ts';
import { drive, planLoad, type LoadSize } from './load/load.ts';
import { decideApprovals, resumeForgotten } from './load/people.ts';
import { outcomesByKey } from './outcome.ts';
import { createRandom } from './random.ts';
import { measureRecovery, type Recovery } from './recovery.ts';
import { becomeQuiet, becomeTidy, collectFrom } from './rig/observe.ts';
import { startRig, type Rig } from './rig/rig.ts';
import { supervise } from './rig/supervise.ts';

export interface TrialPlan extends LoadSize {
  readonly seed: number;
  /** Of the faults, where the same load is hurt in several ways; the load's by default. */
  readonly faultSeed?: number;
  /** How long triggers and faults go on. */
  readonly seconds: number;
  readonly apis: number;
  readonly workers: number;
  readonly faults: readonly Fault[];
  readonly twin?: Readonly<Record<string, string>>;
}

export interface Trial {
  readonly verdicts: readonly Verdict[];
  readonly history: History;
  readonly strikes: Strikes;
  readonly recovery: Recovery;
  /** From the last trigger until nothing was open any more. */
  readonly quietAfterMs: number;
  readonly outcomes: Readonly<Record<string, string>>;
  /** Where the logs and the journal of a trial with violations are kept. */
  readonly evidence?: string;
}

const CONCURRENCY = 10;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** An attempt may take 8 s, a lease 15 s, a parked job 60 s: what has not moved for this long is stuck. */
const STILL_MS = 120_000;
const TIDY_MS = 40_000;
/** Agents of a killed worker get SIGTERM, 3 s, SIGKILL. */
const GRACE_MS = 5000;

/** Runs the load of the seed under the faults, lets everything come to rest, and checks what is left. */
export async function runTrial(plan: TrialPlan): Promise<Trial> {
  const { apis, workers } = plan;
  const rig = await startRig({ apis, workers, concurrency: CONCURRENCY });
  const over = new AbortController();
  const onSignal = () => void rig.close().finally(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, onSignal);
  const caller = createCaller(rig);
  const attendants = [
    supervise(rig, { api: apis, worker: workers }, over.signal),
    decideApprovals(caller.client, over.signal),
  ];
  try {
    const strikes = await underLoad(rig, caller, plan);
    const endedAt = performance.now();
    attendants.push(resumeForgotten(caller.client, over.signal));
    // what does not come to rest is found by the checks
    await becomeQuiet(rig, STILL_MS).catch(() => undefined);
    const quietAfterMs = Math.round(performance.now() - endedAt);
    await becomeTidy(rig, TIDY_MS);
    await delay(GRACE_MS);
    const history = { ...(await collectFrom(rig)), ...(plan.twin && { twin: plan.twin }) };
    const outcomes = [...outcomesByKey(history)].map(([key, { outcome }]) => [key, outcome] as const);
    const verdicts = check(history);
    return {
      verdicts,
      ...(!isClean(verdicts) && { evidence: await keepEvidence(rig.folder) }),
      history,
      strikes,
      recovery: measureRecovery(history),
      quietAfterMs,
      outcomes: Object.fromEntries(outcomes),
    };
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    over.abort();
    await Promise.all(attendants);
    await rig.close();
  }
}

async function underLoad(rig: Rig, caller: Caller, plan: TrialPlan): Promise<Strikes> {
  const { seed, faultSeed = seed, seconds, faults } = plan;
  const random = createRandom(seed);
  const definitions = makeDefinitions(random);
  for (const definition of definitions) await caller.define(definition);
  const peace = new AbortController();
  const injecting = inject(faults, { rig, client: caller.client, seed: faultSeed, signal: peace.signal });
  await drive(caller, planLoad(random, definitions, plan), seconds);
  peace.abort();
  return injecting;
}

/** Copies what was written beside the servers' own data. @returns the folder */
async function keepEvidence(folder: string): Promise<string> {
  const kept = await mkdtemp(join(tmpdir(), 'cc-chaos-evidence-'));
  const names = (await readdir(folder)).filter((name) => /\.(log|jsonl)$/.test(name));
  await Promise.all(names.map((name) => copyFile(join(folder, name), join(kept, name))));
  return kept;
}
