import { z } from 'zod';

export const InputSchema = z.strictObject({
  /** Name or absolute path of a program that SHELL_ALLOWED_COMMANDS lists. */
  command: z
    .string()
    .min(1)
    .regex(/^[\w./+-]+$/, 'must be the name or path of a program, arguments go into args'),
  /** Passed to the program as they are: no shell looks at them. */
  args: z.array(z.string()).max(200).default([]),
  workingDirectory: z.string().min(1).optional(),
  stdin: z.string().default(''),
  /** Other exit codes fail the node. */
  allowedExitCodes: z.array(z.int().min(0).max(255)).min(1).default([0]),
  timeoutSeconds: z.number().positive().max(3600).default(60),
});

export const OutputSchema = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** The first 256 kB. */
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.boolean(),
  durationMs: z.number().nonnegative(),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
