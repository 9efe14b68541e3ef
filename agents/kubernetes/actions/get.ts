import type { KubernetesObject } from '@kubernetes/client-node';
import type { Cluster } from '../cluster.ts';
import { API_VERSIONS } from '../kinds.ts';
import type { InputOf, Output } from '../schemas.ts';

export async function get(input: InputOf<'get'>, { objects }: Cluster): Promise<Partial<Output>> {
  const found = input.name === undefined ? await list(input, objects) : [await read(input, input.name, objects)];
  return { objects: found.map(withoutBookkeeping) };
}

function read({ kind, namespace }: InputOf<'get'>, name: string, objects: Cluster['objects']) {
  return objects.read({ apiVersion: API_VERSIONS[kind], kind, metadata: { name, namespace } });
}

async function list(
  { kind, namespace, labelSelector, limit }: InputOf<'get'>,
  objects: Cluster['objects'],
): Promise<KubernetesObject[]> {
  const [pretty, exact, exported, fieldSelector] = [undefined, undefined, undefined, undefined];
  const { items } = await objects.list(
    API_VERSIONS[kind],
    kind,
    kind === 'Node' ? undefined : namespace,
    pretty,
    exact,
    exported,
    fieldSelector,
    labelSelector,
    limit,
  );
  return items;
}

/** As JSON has it (times are text), without what only field managers read. */
function withoutBookkeeping(object: KubernetesObject): Record<string, unknown> {
  const plain = JSON.parse(JSON.stringify(object)) as { metadata?: Record<string, unknown> };
  delete plain.metadata?.['managedFields'];
  return plain;
}
