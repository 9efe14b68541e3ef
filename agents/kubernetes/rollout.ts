import { setTimeout as delay } from 'node:timers/promises';
import type { AgentContext } from '../kit/index.ts';
import type { Cluster } from './cluster.ts';
import { countReplicas, readWorkload, type Restartable, type Scalable, type Workload } from './workload.ts';

const LOOK_EVERY_MS = 1_000;

/** Waits until every pod of the workload is new and available. Throws when that takes longer than `waitSeconds`. */
export async function untilRolledOut(
  cluster: Cluster,
  target: (Restartable | Scalable) & { readonly waitSeconds: number },
  { signal, progress }: AgentContext,
): Promise<Workload> {
  const giveUpAt = performance.now() + target.waitSeconds * 1000;
  for (;;) {
    const workload = await readWorkload(cluster, target);
    if (isRolledOut(workload)) return workload;
    const { wanted, available } = countReplicas(workload);
    const state = `${String(available)} of ${String(wanted)} pods are available`;
    progress(wanted === 0 ? 0 : available / wanted, state);
    if (performance.now() + LOOK_EVERY_MS > giveUpAt)
      throw new Error(
        `${target.kind} ${target.name} is not rolled out after ${String(target.waitSeconds)} s: ${state}`,
      );
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The controller has seen the last change, and what it made of it is there. */
function isRolledOut(workload: Workload): boolean {
  const { metadata, status } = workload;
  const { wanted, existing, updated, available } = countReplicas(workload);
  const isSeen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  return isSeen && updated >= wanted && available >= wanted && existing <= wanted;
}
