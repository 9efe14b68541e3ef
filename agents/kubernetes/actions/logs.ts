import { Unretryable } from '../../kit/index.ts';
import type { Cluster } from '../cluster.ts';
import type { InputOf, Output } from '../schemas.ts';

const MOST_PODS = 20;
const MOST_BYTES = 256 * 1024;

export async function logs(input: InputOf<'logs'>, { core }: Cluster): Promise<Partial<Output>> {
  const pods = await podNames(input, core);
  return { logs: await Promise.all(pods.map((pod) => read(pod, input, core))) };
}

async function podNames({ name, namespace, labelSelector }: InputOf<'logs'>, core: Cluster['core']): Promise<string[]> {
  if (name !== undefined) return [name];
  if (labelSelector === undefined) throw new Unretryable('Whose logs? Pass name or labelSelector');
  const { items } = await core.listNamespacedPod({ namespace, labelSelector, limit: MOST_PODS });
  return items.flatMap(({ metadata }) => metadata?.name ?? []);
}

async function read(
  pod: string,
  { namespace, container, previous, tailLines, sinceSeconds }: InputOf<'logs'>,
  core: Cluster['core'],
): Promise<{ pod: string; text: string }> {
  const text = await core.readNamespacedPodLog({
    name: pod,
    namespace,
    previous,
    tailLines,
    limitBytes: MOST_BYTES,
    ...(container !== undefined && { container }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
  });
  return { pod, text };
}
