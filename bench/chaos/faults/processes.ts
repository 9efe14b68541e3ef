import { setTimeout as delay } from 'node:timers/promises';
import { FAILPOINTS } from '../../../platform/failpoints.ts';
import type { Replica, Role } from '../rig/replica.ts';
import type { Fault, Stage } from './fault.ts';

/** Kill -9 of a worker or an API; the supervisor starts another one. */
export const kill: Fault = {
  name: 'kill',
  every: [3, 8],
  strike(stage) {
    victim(stage, stage.random.chance(0.7) ? 'worker' : 'api')?.signal('SIGKILL');
    return Promise.resolve();
  },
};

/** Longer than a lease: the node is somebody else's when the process goes on. */
const LONGER_THAN_A_LEASE_MS = 18_000;

export const freeze: Fault = {
  name: 'freeze',
  every: [5, 10],
  async strike(stage) {
    const frozen = victim(stage, stage.random.chance(0.8) ? 'worker' : 'api');
    frozen?.signal('SIGSTOP');
    await delay(stage.random.chance(0.5) ? LONGER_THAN_A_LEASE_MS : 3000);
    frozen?.signal('SIGCONT');
  },
};

/** A worker that is asked to stop, as by a deployment. */
export const retire: Fault = {
  name: 'retire',
  every: [8, 15],
  strike(stage) {
    victim(stage, 'worker')?.signal('SIGTERM');
    return Promise.resolve();
  },
};

/** A process that ends by itself at one of the named points, or stops there for longer than a lease. */
export const failpoint: Fault = {
  name: 'failpoint',
  every: [4, 9],
  async strike({ rig, random }) {
    const point = random.pick(Object.keys(FAILPOINTS));
    const action = random.pick(['kill', 'kill', 'throw', 'stop']);
    const role: Role = OF_THE_API.has(point) ? 'api' : 'worker';
    const replica = await rig.add(role, { FAIL_AT: `${point}:${random.between(1, 5)}:${action}` });
    victim({ rig, random }, role)?.signal('SIGKILL');
    await delay(LONGER_THAN_A_LEASE_MS);
    replica.signal('SIGCONT');
  },
};

const OF_THE_API = new Set(['trigger-committed', 'cancel-written']);

function victim({ rig, random }: Omit<Stage, 'client'>, role: Role): Replica | undefined {
  const running = rig.replicas(role);
  return running.length > 0 ? random.pick(running) : undefined;
}
