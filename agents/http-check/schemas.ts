import { z } from 'zod';

export const InputSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'HEAD']).default('GET'),
  /** Headers to send. The secret HTTP_CHECK_TOKEN, where set, goes along as a bearer token. */
  headers: z.record(z.string(), z.string()).default({}),
  /** The statuses that are fine; by default any from 200 to 399. */
  expectStatus: z.array(z.int().min(100).max(599)).min(1).optional(),
  /** Text that the first 64 kB of the body must contain. */
  expectBody: z.string().min(1).optional(),
  maxLatencyMs: z.int().positive().optional(),
  timeoutMs: z.int().positive().max(60_000).default(10_000),
  /** Asks again this many times, a second apart, before the endpoint counts as ill. */
  retries: z.int().nonnegative().max(20).default(0),
  /** Whether an ill endpoint fails the node; else the output says so and the node succeeds. */
  failWhenIll: z.boolean().default(false),
});

export const OutputSchema = z.object({
  healthy: z.boolean(),
  status: z.int().nullable(),
  /** Until the whole answer was there, of the last attempt. */
  latencyMs: z.number().nonnegative(),
  attempts: z.int().positive(),
  /** What was wrong at the last attempt. */
  problems: z.array(z.string()),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
