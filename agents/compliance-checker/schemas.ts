import { z } from 'zod';

export const SCOPES = [
  'licences',
  'dependencies',
  'dockerfile',
  'compose',
  'kubernetes',
  'workflows',
  'configuration',
  'secrets',
] as const;

/** From worst to least. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;

const InsidePath = z
  .string()
  .regex(/^[^/\\]/, 'must be a path inside the repository')
  .refine((path) => !/^[A-Za-z]:|(^|[\\/])\.\.([\\/]|$)/.test(path), 'must be a path inside the repository');

export const InputSchema = z.strictObject({
  repositoryPath: z.string().min(1),
  scope: z.enum(['all', ...SCOPES]).default('all'),
  /** Every violation counts one step worse: what is info becomes a warning, a warning critical. */
  strictMode: z.boolean().default(false),
  /** JSON file with `allow`, `deny` (SPDX ids, `*` at the end matches) and `exceptions` (package → reason). */
  licencePolicyPath: InsidePath.optional(),
  /** JSON file or folder of JSON files with advisories in OSV form: dependencies are checked against them. */
  advisoriesPath: z.string().min(1).optional(),
  /** Where to write a CycloneDX 1.5 bill of materials. */
  sbomPath: InsidePath.optional(),
});

export const ViolationSchema = z.object({
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  file: z.string(),
  line: z.int().positive(),
  message: z.string(),
  remediation: z.string(),
});

const Count = z.int().nonnegative();

export const OutputSchema = z.object({
  violations: z.array(ViolationSchema),
  summary: z.object({ total: Count, critical: Count, warning: Count, info: Count, passed: Count }),
  checkedFiles: Count,
  checkDurationMs: z.number().nonnegative(),
  rulesApplied: z.array(z.string()),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
export type Violation = z.output<typeof ViolationSchema>;
export type Severity = Violation['severity'];
export type Scope = (typeof SCOPES)[number];
