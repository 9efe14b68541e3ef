/** What can be read, by kind. Secrets are left out on purpose: what a node gives is stored with its run. */
export const API_VERSIONS = {
  ConfigMap: 'v1',
  CronJob: 'batch/v1',
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  Event: 'v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Ingress: 'networking.k8s.io/v1',
  Job: 'batch/v1',
  Node: 'v1',
  PersistentVolumeClaim: 'v1',
  Pod: 'v1',
  ReplicaSet: 'apps/v1',
  Service: 'v1',
  StatefulSet: 'apps/v1',
} as const;

export type Kind = keyof typeof API_VERSIONS;

/** The names of a record as zod's enum wants them. */
export const KINDS = Object.keys(API_VERSIONS) as [Kind, ...Kind[]];

/** Kinds whose pods are replaced one after the other. */
export const RESTARTABLE = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** Kinds with a number of replicas. */
export const SCALABLE = ['Deployment', 'StatefulSet', 'ReplicaSet'] as const;
