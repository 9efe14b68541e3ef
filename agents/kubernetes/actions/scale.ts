import type { AgentContext } from '../../kit/index.ts';
import type { Cluster } from '../cluster.ts';
import { untilRolledOut } from '../rollout.ts';
import type { InputOf, Output } from '../schemas.ts';
import { countReplicas, readWorkload, setReplicas } from '../workload.ts';

export async function scale(
  input: InputOf<'scale'>,
  cluster: Cluster,
  context: AgentContext,
): Promise<Partial<Output>> {
  const { kind, name, replicas, waitSeconds } = input;
  const before = countReplicas(await readWorkload(cluster, input));
  const changed = before.wanted !== replicas;
  if (changed) await setReplicas(cluster, input, replicas);
  context.log.info(changed ? 'Scaled' : 'It has that many replicas', { kind, name, from: before.wanted, to: replicas });
  const after = waitSeconds > 0 ? countReplicas(await untilRolledOut(cluster, input, context)) : before;
  return {
    changed,
    replicas: { before: before.wanted, wanted: replicas, available: after.available },
    rolledOut: waitSeconds > 0 ? true : null,
  };
}
