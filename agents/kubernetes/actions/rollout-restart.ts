import type { AgentContext } from '../../kit/index.ts';
import type { Cluster } from '../cluster.ts';
import { untilRolledOut } from '../rollout.ts';
import type { InputOf, Output } from '../schemas.ts';
import { annotateTemplate, countReplicas, readWorkload } from '../workload.ts';

/** What `kubectl rollout restart` sets, and beside it which node of which run did: an attempt repeated restarts once. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const RESTARTED_BY = 'commandcenter/restarted-by';

export async function rolloutRestart(
  input: InputOf<'rollout-restart'>,
  cluster: Cluster,
  context: AgentContext,
): Promise<Partial<Output>> {
  const key = context.identity.idempotencyKey ?? crypto.randomUUID();
  const before = await readWorkload(cluster, input);
  const changed = before.spec?.template?.metadata?.annotations?.[RESTARTED_BY] !== key;
  if (changed)
    await annotateTemplate(cluster, input, { [RESTARTED_AT]: new Date().toISOString(), [RESTARTED_BY]: key });
  context.log.info(changed ? 'Restarted' : 'An earlier attempt has restarted it', {
    kind: input.kind,
    name: input.name,
  });
  const after = input.waitSeconds > 0 ? await untilRolledOut(cluster, input, context) : before;
  const { wanted, available } = countReplicas(after);
  return {
    changed,
    replicas: { before: countReplicas(before).wanted, wanted, available },
    rolledOut: input.waitSeconds > 0 ? true : null,
  };
}
