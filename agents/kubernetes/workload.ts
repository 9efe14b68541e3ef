import {
  PatchStrategy,
  setHeaderOptions,
  type V1DaemonSet,
  type V1DaemonSetStatus,
  type V1Deployment,
  type V1DeploymentStatus,
  type V1ReplicaSet,
  type V1StatefulSet,
} from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import type { InputOf } from './schemas.ts';

export type Restartable = Pick<InputOf<'rollout-restart'>, 'kind' | 'name' | 'namespace'>;
export type Scalable = Pick<InputOf<'scale'>, 'kind' | 'name' | 'namespace'>;
export type Workload = V1Deployment | V1StatefulSet | V1DaemonSet | V1ReplicaSet;

const AS_MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const AS_STRATEGIC_MERGE = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
/** Who changed it, as `kubectl get --show-managed-fields` shows. */
const fieldManager = 'commandcenter';

export function readWorkload({ apps }: Cluster, { kind, name, namespace }: Restartable | Scalable): Promise<Workload> {
  const target = { name, namespace };
  switch (kind) {
    case 'Deployment':
      return apps.readNamespacedDeployment(target);
    case 'StatefulSet':
      return apps.readNamespacedStatefulSet(target);
    case 'DaemonSet':
      return apps.readNamespacedDaemonSet(target);
    case 'ReplicaSet':
      return apps.readNamespacedReplicaSet(target);
  }
}

/** Sets annotations of the pod template; each change of it replaces the pods. */
export function annotateTemplate(
  { apps }: Cluster,
  { kind, name, namespace }: Restartable,
  annotations: Readonly<Record<string, string>>,
): Promise<Workload> {
  const change = { name, namespace, fieldManager, body: { spec: { template: { metadata: { annotations } } } } };
  switch (kind) {
    case 'Deployment':
      return apps.patchNamespacedDeployment(change, AS_STRATEGIC_MERGE);
    case 'StatefulSet':
      return apps.patchNamespacedStatefulSet(change, AS_STRATEGIC_MERGE);
    case 'DaemonSet':
      return apps.patchNamespacedDaemonSet(change, AS_STRATEGIC_MERGE);
  }
}

/** Through the `scale` subresource, so that an account may scale without being able to change anything else. */
export async function setReplicas(
  { apps }: Cluster,
  { kind, name, namespace }: Scalable,
  replicas: number,
): Promise<void> {
  const change = { name, namespace, fieldManager, body: { spec: { replicas } } };
  switch (kind) {
    case 'Deployment':
      await apps.patchNamespacedDeploymentScale(change, AS_MERGE);
      return;
    case 'StatefulSet':
      await apps.patchNamespacedStatefulSetScale(change, AS_MERGE);
      return;
    case 'ReplicaSet':
      await apps.patchNamespacedReplicaSetScale(change, AS_MERGE);
  }
}

export interface Replicas {
  readonly wanted: number;
  readonly existing: number;
  /** Made from the latest template. */
  readonly updated: number;
  readonly available: number;
}

/** The pods of a workload by state; a DaemonSet wants one on each node that fits. */
export function countReplicas({ spec, status }: Workload): Replicas {
  const onNodes = (status ?? {}) as Partial<V1DaemonSetStatus>;
  const wanted = onNodes.desiredNumberScheduled;
  if (wanted !== undefined) {
    const { updatedNumberScheduled: updated = 0, numberAvailable: available = 0 } = onNodes;
    return { wanted, existing: wanted, updated, available };
  }
  const counted = (status ?? {}) as Partial<V1DeploymentStatus>;
  const { replicas: existing = 0, updatedReplicas: updated = existing, availableReplicas: available = 0 } = counted;
  return { wanted: (spec as { replicas?: number } | undefined)?.replicas ?? 1, existing, updated, available };
}
