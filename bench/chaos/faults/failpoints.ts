import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { FAILPOINTS, type Failpoint } from '../../../platform/failpoints.ts';
import type { Replica, Role } from '../rig/replica.ts';
import type { Fault, Stage } from './fault.ts';
import { LONGER_THAN_A_LEASE_MS, victim } from './processes.ts';
import { flushAll } from './redis.ts';

const ACTIONS = ['kill', 'stop'] as const;
type Action = (typeof ACTIONS)[number];

interface Case {
  readonly point: Failpoint;
  readonly action: Action;
}

/** Passed before a service is up: test/chaos/failpoints.test.ts kills and stops a migration there. */
const BEFORE_ALL: ReadonlySet<Failpoint> = new Set(['migration-begun']);
const OF_THE_API: ReadonlySet<Failpoint> = new Set(['trigger-committed', 'flow-added', 'cancel-written']);
/** Passed by the one worker that leads: the others must be silent for a while. */
const OF_THE_LEADER: ReadonlySet<Failpoint> = new Set(['event-published', 'epoch-raised']);

const POINTS = (Object.keys(FAILPOINTS) as Failpoint[]).filter((point) => !BEFORE_ALL.has(point));
/** Every point with every action. */
const CASES: readonly Case[] = ACTIONS.flatMap((action) => POINTS.map((point) => ({ point, action })));

const REACHED_MS = 25_000;
const LOOK_MS = 100;
/** Has no factor in common with the number of cases, 28: neighbours in time are not neighbours in the list. */
const STRIDE = 11;

/** A process that ends by itself at one of the named points, or stops there for longer than a lease: each in turn. */
export const failpoint: Fault = {
  name: 'failpoint',
  every: [1, 4],
  async strike(stage) {
    const next = CASES[(stage.seed + STRIDE * stage.turn) % CASES.length];
    if (next === undefined) return;
    const { point, action } = next;
    const role: Role = OF_THE_API.has(point) ? 'api' : 'worker';
    const others = stage.rig.replicas(role);
    const armed = await stage.rig.add(role, { FAIL_AT: `${point}:${stage.random.between(1, 3)}:${action}` });
    try {
      if (OF_THE_LEADER.has(point)) for (const one of others) one.signal('SIGSTOP');
      else victim(stage, role, armed)?.signal('SIGKILL');
      if (point === 'epoch-raised') await flushAll(stage);
      await REACHED[action](armed, stage, `${point} ${action}`);
    } finally {
      for (const one of [armed, ...others]) one.signal('SIGCONT');
    }
  },
};

/** What is seen of a process that came to its point, and what is done then. */
const REACHED: Readonly<Record<Action, (armed: Replica, stage: Stage, kind: string) => Promise<void>>> = {
  async kill(armed, { note }, kind) {
    const end = await Promise.race([armed.ended, delay(REACHED_MS)]);
    if (end === 'SIGKILL') note(kind);
    else armed.signal('SIGKILL');
  },
  async stop(armed, { note }, kind) {
    const end = performance.now() + REACHED_MS;
    while (performance.now() < end && armed.isRunning) {
      if (await isStopped(armed.pid)) {
        await delay(LONGER_THAN_A_LEASE_MS);
        note(kind);
        return;
      }
      await delay(LOOK_MS);
    }
    armed.signal('SIGKILL');
  },
};

async function isStopped(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status.slice(status.lastIndexOf(')') + 2).startsWith('T');
}
