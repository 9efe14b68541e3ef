import { z } from 'zod';

const Time = z.union([z.iso.datetime(), z.number()]);

export const InputSchema = z.strictObject({
  /** Base URL of Prometheus; by default the environment's PROMETHEUS_URL. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  query: z.string().min(1).max(10_000),
  /** The instant to ask for; by default now. */
  time: Time.optional(),
  /** Asks for a range instead of an instant. */
  range: z.strictObject({ start: Time, end: Time, stepSeconds: z.number().positive() }).optional(),
  /** What must hold of the last value of every series for `holds` to be true. No series: it does not hold. */
  condition: z.strictObject({ operator: z.enum(['>', '>=', '<', '<=', '==', '!=']), value: z.number() }).optional(),
  timeoutMs: z.int().positive().max(60_000).default(15_000),
});

export const OutputSchema = z.object({
  /** Null when no condition was given. */
  holds: z.boolean().nullable(),
  /** The last value of the first series; null when there is none or it is no number. */
  value: z.number().nullable(),
  series: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      /** Time in seconds since 1970, value (null for NaN and infinities). */
      samples: z.array(z.tuple([z.number(), z.number().nullable()])),
    }),
  ),
  warnings: z.array(z.string()),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
export type Series = Output['series'][number];
