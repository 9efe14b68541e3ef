import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { nameSchema, nodeIdSchema, secretNameSchema } from './names.ts';
import { expressionSchema, secondsSchema, templatesSchema } from './trigger-schema.ts';

/** The fields that name a node's kind; a node has exactly one of them. */
export const KIND_FIELDS = ['agent', 'workflow', 'transform', 'wait', 'signal', 'awaitResolved'] as const;
export type NodeKind = (typeof KIND_FIELDS)[number];

const milliseconds = z
  .int()
  .min(0, 'Must be 0 ms or more')
  .max(LIMITS.milliseconds, `Must be at most ${LIMITS.milliseconds} ms (2^31 - 1)`);

const templateString = z.string().min(1).max(LIMITS.templateLength);
/** for values that are no text: a template must give them */
const template = templateString.includes('{{');

const retrySchema = z.strictObject({
  attempts: z
    .int()
    .min(1, 'Must be 1 or more: the first attempt counts')
    .max(LIMITS.attempts, `Must be at most ${LIMITS.attempts}`)
    .default(1),
  backoff: z
    .strictObject({
      type: z.enum(['fixed', 'linear', 'exponential']).default('exponential'),
      delayMs: milliseconds.default(1_000),
      maxDelayMs: milliseconds.default(600_000),
      /** the share of the delay that chance decides: 0 none, 1 anything from 0 to the delay */
      jitter: z.number().min(0).max(1).default(0),
    })
    .prefault({}),
  /** which failures are tried again; lost workers have a budget of their own besides */
  on: z
    .array(z.enum(['agent', 'infrastructure', 'timeout']))
    .max(3)
    .default(['agent', 'infrastructure', 'timeout']),
});

const approvalObject = z.strictObject({
  /** who may decide: scopes and names of tokens, see flows/approval-roles.ts; anybody with the scope `approver` where absent */
  roles: z.array(z.string().min(1).max(128)).max(50).optional(),
  timeoutSeconds: secondsSchema.optional(),
  onTimeout: z.enum(['reject', 'approve']).default('reject'),
  /** JSON Schema of a typed answer, which becomes the node's `approval` in expressions */
  schema: templatesSchema.optional(),
  message: templateString.optional(),
  /** the workflow that tells people: started when the approval begins to wait, with `input.approval` and its link */
  announce: nameSchema.optional(),
});

const waitSchema = z.union(
  [
    z.strictObject({
      seconds: z.union([secondsSchema, template], { error: 'Write a number of seconds, or a template' }),
    }),
    z.strictObject({
      until: z.union([z.iso.datetime({ offset: true }), template], {
        error: 'Write a time of ISO 8601, such as "2030-01-01T00:00:00Z", or a template',
      }),
    }),
  ],
  { error: 'Write {"seconds": 60} or {"until": "2030-01-01T00:00:00Z"} (or a template for either value)' },
);

const lockSchema = z.strictObject({ key: templateString, mode: z.enum(['shared', 'exclusive']).default('exclusive') });

/** One node as users write it. That it is of exactly one kind is checked by `kindOf`. */
export const nodeSchema = z.strictObject({
  id: nodeIdSchema,
  /** written by us into what we return; accepted back */
  kind: z.enum(KIND_FIELDS).optional(),
  agent: nameSchema.optional(),
  workflow: nameSchema.optional(),
  transform: expressionSchema.optional(),
  wait: waitSchema.optional(),
  signal: z.strictObject({ name: nodeIdSchema }).optional(),
  awaitResolved: z.strictObject({ timeoutSeconds: secondsSchema }).optional(),
  input: templatesSchema.optional(),
  dependsOn: z.array(nodeIdSchema).max(LIMITS.nodes).optional(),
  runIf: z.enum(['all_success', 'none_failed', 'one_success', 'one_failed', 'all_done']).default('all_success'),
  when: expressionSchema.optional(),
  allowFailure: z.boolean().default(false),
  finally: z.boolean().default(false),
  retry: retrySchema.prefault({}),
  timeoutSeconds: secondsSchema.optional(),
  queueTimeoutSeconds: secondsSchema.optional(),
  totalTimeoutSeconds: secondsSchema.optional(),
  approval: z
    .union([z.boolean(), approvalObject], {
      error: 'Write true or {"roles": […], "timeoutSeconds": …, "onTimeout": "reject"}',
    })
    .optional(),
  forEach: expressionSchema.optional(),
  maxParallel: z.int().min(1).max(LIMITS.parallel).optional(),
  /** 1 is first, as in BullMQ */
  priority: z.int().min(1).max(1_000).optional(),
  pool: nameSchema.optional(),
  cache: z.strictObject({ ttlSeconds: secondsSchema }).optional(),
  locks: z.array(lockSchema).max(20).optional(),
  ifResolved: z.enum(['continue', 'stop']).default('continue'),
  secrets: z.array(secretNameSchema).max(100).optional(),
});

export type NodeSource = z.output<typeof nodeSchema>;
export type Retry = z.output<typeof retrySchema>;
export type Approval = z.output<typeof approvalObject>;
