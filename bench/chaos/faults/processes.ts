import { setTimeout as delay } from 'node:timers/promises';
import type { Replica, Role } from '../rig/replica.ts';
import type { Fault, Stage } from './fault.ts';

/**
 * Kill -9 of a worker or an API; the supervisor starts another one. Never of the last one: how soon the next attempt
 * begins would be how soon this machine starts a process.
 */
export const kill: Fault = {
  name: 'kill',
  every: [6, 12],
  strike(stage) {
    const role: Role = stage.random.chance(0.7) ? 'worker' : 'api';
    const running = stage.rig.replicas(role);
    if (running.length < 2) return Promise.reject(new Error(`The last ${role} is spared`));
    stage.random.pick(running).signal('SIGKILL');
    return Promise.resolve();
  },
};

/** Longer than a lease: the node is somebody else's when the process goes on. */
export const LONGER_THAN_A_LEASE_MS = 18_000;

export const freeze: Fault = {
  name: 'freeze',
  every: [4, 8],
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

/** One of those that run, but this one. */
export function victim({ rig, random }: Stage, role: Role, spared?: Replica): Replica | undefined {
  const running = rig.replicas(role).filter((replica) => replica !== spared);
  return running.length > 0 ? random.pick(running) : undefined;
}
