import { z } from 'zod';

export const InputSchema = z.object({
  /** The journal's file. */
  journal: z.string(),
  /** How long it works, in milliseconds. */
  ms: z.number(),
  /** How many of its executions fail before one succeeds. */
  failures: z.number().default(0),
  value: z.unknown(),
});
export const OutputSchema = z.object({ value: z.unknown(), by: z.string(), secret: z.string() });
