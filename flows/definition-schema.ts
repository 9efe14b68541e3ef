import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { nameSchema, nodeIdSchema } from './names.ts';
import { nodeSchema } from './node-schema.ts';
import { matcherListSchema, secondsSchema, templatesSchema, timezoneSchema, triggerSchema } from './trigger-schema.ts';

const concurrencySchema = z.strictObject({
  /** a template over `input`; runs with the same value share the limit */
  key: z.string().min(1).max(LIMITS.templateLength),
  limit: z.int().min(1).max(LIMITS.parallel).default(1),
  strategy: z.enum(['queue', 'cancel_running', 'drop_new']).default('queue'),
});

/** More runs than this for one target within the window wait for an approval instead of looping. */
const budgetSchema = z.strictObject({
  runs: z.int().min(1).max(100_000),
  windowSeconds: secondsSchema,
  /** labels of the alert that name the target; the fingerprint where absent */
  per: z.array(z.string().min(1).max(128)).max(20).optional(),
});

/** While a window is open, firing alerts are held; resolved ones never are. */
const maintenanceSchema = z
  .array(
    z.union(
      [
        z.strictObject({
          from: z.iso.datetime({ offset: true }),
          until: z.iso.datetime({ offset: true }),
          matchers: matcherListSchema.default([]),
        }),
        z.strictObject({
          cron: z.string().min(1).max(256),
          timezone: timezoneSchema.default('UTC'),
          durationSeconds: secondsSchema,
          matchers: matcherListSchema.default([]),
        }),
      ],
      { error: 'Write {"from": "<time>", "until": "<time>"} or {"cron": "0 2 * * 6", "durationSeconds": 3600}' },
    ),
  )
  .max(50);

const edgeSchema = z.strictObject({ from: nodeIdSchema, to: nodeIdSchema });

/** A workflow as users write it: every field of the format, unknown ones refused. */
export const definitionSchema = z.strictObject({
  name: nameSchema,
  projectId: nameSchema.default('default'),
  description: z.string().max(4_096).optional(),
  status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']).default('ACTIVE'),
  inputSchema: templatesSchema.optional(),
  triggers: z.array(triggerSchema).max(LIMITS.triggers, `At most ${LIMITS.triggers} triggers`).default([]),
  maxConcurrentRuns: z.int().min(1).max(LIMITS.parallel).optional(),
  concurrency: concurrencySchema.optional(),
  timeoutSeconds: secondsSchema.optional(),
  nodes: z.array(nodeSchema).min(1, 'A workflow needs at least one node'),
  edges: z.array(edgeSchema).default([]),
  onFailure: nameSchema.optional(),
  output: templatesSchema.optional(),
  labels: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_./-]{0,62}$/, 'A label name has letters, digits, "_", ".", "/" and "-"'),
      z.string().max(256),
    )
    .optional(),
  budget: budgetSchema.optional(),
  maintenance: maintenanceSchema.optional(),
});

export type DefinitionSource = z.output<typeof definitionSchema>;
export type Edge = z.output<typeof edgeSchema>;
