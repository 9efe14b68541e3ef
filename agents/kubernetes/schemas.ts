import { z } from 'zod';
import { KINDS, RESTARTABLE, SCALABLE } from './kinds.ts';

/** As Kubernetes names objects: nothing that could be taken for a part of a path. */
const Name = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be the name of a Kubernetes object');
const Selector = z.string().min(1).max(1000);
const namespace = Name.default('default');
/** How long to wait until the new pods are available; 0 does not wait. When the time is over the node fails. */
const waitSeconds = z.int().min(0).max(3600).default(0);

export const InputSchema = z.discriminatedUnion('action', [
  z.strictObject({
    /** Reads one object by name, or those that a selector names (`app=cart`). */
    action: z.literal('get'),
    namespace,
    kind: z.enum(KINDS),
    name: Name.optional(),
    labelSelector: Selector.optional(),
    limit: z.int().min(1).max(500).default(100),
  }),
  z.strictObject({
    /** Reads what a pod, or the pods that a selector names (20 at most), printed. */
    action: z.literal('logs'),
    namespace,
    name: Name.optional(),
    labelSelector: Selector.optional(),
    container: Name.optional(),
    /** Of the container before its last restart. */
    previous: z.boolean().default(false),
    tailLines: z.int().min(1).max(10_000).default(200),
    sinceSeconds: z.int().positive().optional(),
  }),
  z.strictObject({
    /** Replaces the pods one after the other, as `kubectl rollout restart` does. */
    action: z.literal('rollout-restart'),
    namespace,
    kind: z.enum(RESTARTABLE).default('Deployment'),
    name: Name,
    waitSeconds,
  }),
  z.strictObject({
    /** Sets the number of replicas. */
    action: z.literal('scale'),
    namespace,
    kind: z.enum(SCALABLE).default('Deployment'),
    name: Name,
    replicas: z.int().min(0).max(10_000),
    waitSeconds,
  }),
]);

const Count = z.int().nonnegative();

export const OutputSchema = z.object({
  action: z.enum(['get', 'logs', 'rollout-restart', 'scale']),
  /** False for readings, and when the cluster was already as it should be. */
  changed: z.boolean(),
  /** What was read, without the bookkeeping of field managers. */
  objects: z.array(z.record(z.string(), z.unknown())),
  /** Up to 256 kB a pod. */
  logs: z.array(z.object({ pod: z.string(), text: z.string() })),
  /** Of the workload that was changed. */
  replicas: z.object({ before: Count, wanted: Count, available: Count }).nullable(),
  /** Null when nobody waited. */
  rolledOut: z.boolean().nullable(),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
export type InputOf<Action extends Input['action']> = Extract<Input, { action: Action }>;
