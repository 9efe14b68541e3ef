import { setTimeout as delay } from 'node:timers/promises';
import type { Role } from './replica.ts';
import type { Rig } from './rig.ts';

const LOOK_MS = 300;
const ROLES: readonly Role[] = ['api', 'worker'];

/** Starts a replica wherever fewer run than wanted, for ever again, until told to stop. */
export async function supervise(rig: Rig, wanted: Readonly<Record<Role, number>>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // one that does not come up (its servers are away) is tried again in the next round
    await Promise.all(
      ROLES.flatMap((role) => missing(rig, role, wanted[role])).map((role) => rig.add(role).catch(() => undefined)),
    );
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

function missing(rig: Rig, role: Role, wanted: number): Role[] {
  return Array.from({ length: Math.max(0, wanted - rig.replicas(role).length) }, () => role);
}
