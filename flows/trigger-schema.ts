import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { nameSchema, secretNameSchema } from './names.ts';

/** A length of time: a number of seconds, fractions allowed, that fits a timer. */
export const secondsSchema = z
  .number()
  .positive('Must be more than 0 seconds')
  .max(LIMITS.seconds, `Must be at most ${LIMITS.seconds} seconds (2^31 - 1 ms)`);
const secondsOrZero = z
  .number()
  .min(0, 'Must be 0 seconds or more')
  .max(LIMITS.seconds, `Must be at most ${LIMITS.seconds} seconds (2^31 - 1 ms)`);

export const expressionSchema = z
  .string()
  .min(1, 'Must not be empty: write a CEL expression')
  .max(LIMITS.expressionLength, `Must have at most ${LIMITS.expressionLength} characters`);

/** JSON whose strings may hold templates. Its depth is checked before zod sees it. */
export const templatesSchema = z.record(z.string(), z.unknown());

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'A label name has letters, digits and "_"');
export const matcherListSchema = z
  .array(z.string().max(LIMITS.matcherLength, `Must have at most ${LIMITS.matcherLength} characters`))
  .max(LIMITS.matchers, `At most ${LIMITS.matchers} matchers`);
export const timezoneSchema = z.string().min(1).max(64);

const enabled = z.boolean().default(true);
const mapping = templatesSchema.optional();

const scheduleTrigger = z.strictObject({
  type: z.literal('schedule'),
  enabled,
  cron: z.string().min(1).max(256),
  timezone: timezoneSchema.default('UTC'),
  /** what happens when the last run of this trigger is still open */
  overlap: z.enum(['skip', 'queue', 'cancel_running', 'all']).default('skip'),
  /** how far back missed times are still started after an outage */
  catchUpSeconds: secondsOrZero.default(0),
  jitterSeconds: secondsOrZero.default(0),
  input: templatesSchema.optional(),
});

const alertStatuses = z.enum(['firing', 'resolved']);
const onStatuses = z
  .union([z.array(alertStatuses).min(1).max(2), z.enum(['firing', 'resolved', 'both'])], {
    error: 'Write ["firing"], ["resolved"] or "both"',
  })
  .default(['firing'])
  .transform((on): ('firing' | 'resolved')[] =>
    on === 'both' ? ['firing', 'resolved'] : typeof on === 'string' ? [on] : [...new Set(on)],
  );

const alertTriggerFields = {
  enabled,
  /** in AlertManager's syntax, all must match; `annotations.` before a name asks the annotation */
  matchers: matcherListSchema.default([]),
  on: onStatuses,
  /** a start silences the same workflow and fingerprint for this long */
  cooldownSeconds: secondsOrZero.default(0),
  /** alerts that are equal in these labels become one run, started when the window closes */
  groupBy: z.array(labelName).max(20).optional(),
  groupWindowSeconds: secondsOrZero.optional(),
  groupThreshold: z.int().min(1).max(10_000).optional(),
  /** when a group counts as resolved */
  resolvedWhen: z.enum(['all', 'first']).optional(),
  mapping,
};

const alertmanagerTrigger = z.strictObject({
  type: z.literal('alertmanager'),
  ...alertTriggerFields,
  /** a silence in AlertManager for as long as the run lasts */
  silence: z.boolean().optional(),
});
const grafanaTrigger = z.strictObject({ type: z.literal('grafana'), ...alertTriggerFields });

const natsTrigger = z.strictObject({
  type: z.literal('nats'),
  enabled,
  subject: z
    .string()
    .max(255)
    .regex(
      /^[^\s.>]+(\.[^\s.>]+)*(\.>)?$|^>$/,
      'Not a NATS subject: tokens between dots, "*" for one token, ">" at the end for the rest',
    ),
  mapping,
});

const webhookTrigger = z.strictObject({
  type: z.literal('webhook'),
  enabled,
  /** the name of the secret that callers prove to know */
  secret: secretNameSchema.optional(),
  scheme: z.enum(['hmac-sha256', 'bearer']).optional(),
  /** a signed request older than this is a replay */
  replayWindowSeconds: secondsSchema.optional(),
  mapping,
});

const workflowTrigger = z.strictObject({
  type: z.literal('workflow'),
  enabled,
  workflow: nameSchema,
  on: z
    .array(z.enum(['SUCCESS', 'FAILED', 'CANCELLED']))
    .min(1)
    .max(3)
    .default(['SUCCESS']),
  mapping,
});

/** What starts runs besides a person. One strict object for each `type`. */
export const triggerSchema = z.discriminatedUnion('type', [
  scheduleTrigger,
  alertmanagerTrigger,
  grafanaTrigger,
  natsTrigger,
  webhookTrigger,
  workflowTrigger,
]);

export type Trigger = z.output<typeof triggerSchema>;
export type ScheduleTrigger = z.output<typeof scheduleTrigger>;
export type AlertTrigger = z.output<typeof alertmanagerTrigger> | z.output<typeof grafanaTrigger>;
