import { z } from 'zod';

export const InputSchema = z.strictObject({
  channel: z.enum(['console', 'slack', 'discord', 'teams', 'webhook', 'email']),
  message: z.string().min(1).max(20_000),
  title: z.string().max(200).optional(),
  severity: z.enum(['info', 'warning', 'error', 'critical']).default('info'),
  /** Shown as fields under the message, in the order given. */
  metadata: z.record(z.string(), z.unknown()).default({}),
  /** True when the message says that an earlier one is over: shown in green, marked as resolved. */
  resolved: z.boolean().default(false),
  webhookUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Who gets an email, and from whom; by default the secrets SMTP_TO (separated by commas) and SMTP_FROM. */
  to: z.array(z.email()).min(1).max(50).optional(),
  from: z.email().optional(),
  /** Name of the environment variable that holds the URL; by default `<CHANNEL>_WEBHOOK_URL`, for email `SMTP_URL`. */
  secret: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .optional(),
});

export const OutputSchema = z.object({
  success: z.boolean(),
  channel: InputSchema.shape.channel,
  messageId: z.string().nullable(),
  timestamp: z.iso.datetime(),
  error: z.string().nullable(),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
