import { z } from 'zod';

export const FINDING_TYPES = [
  'secrets',
  'sql-injection',
  'xss',
  'command-injection',
  'path-traversal',
  'weak-crypto',
  'unsafe-deserialisation',
] as const;

/** From worst to least. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

const Severity = z.enum(SEVERITIES);
const InsidePath = z
  .string()
  .regex(/^[^/\\]/, 'must be a path inside the repository')
  .refine((path) => !/^[A-Za-z]:|(^|[\\/])\.\.([\\/]|$)/.test(path), 'must be a path inside the repository');

export const InputSchema = z.strictObject({
  repositoryPath: z.string().min(1),
  scanType: z.enum(['all', ...FINDING_TYPES]).default('all'),
  /** The least severity that is reported. */
  severity: Severity.default('low'),
  /** A file of findings to leave out: an earlier output of this agent, or its `fingerprint`s. */
  baselinePath: InsidePath.optional(),
  /** Where to write the findings as SARIF 2.1 too. */
  sarifPath: InsidePath.optional(),
  /** Adds the findings as SARIF 2.1 to the output. */
  sarif: z.boolean().default(false),
  /** A folder that keeps results by content hash: the next scan reads only what has changed. */
  cacheDir: z.string().min(1).optional(),
});

export const FindingSchema = z.object({
  type: z.enum(FINDING_TYPES),
  severity: Severity,
  confidence: z.enum(['high', 'medium', 'low']),
  file: z.string(),
  line: z.int().positive(),
  description: z.string(),
  /** The line of code, trimmed, its secrets masked. */
  code: z.string(),
  rule: z.string(),
  /** Stays the same when the line moves within its file. */
  fingerprint: z.string(),
});

const Count = z.int().nonnegative();

export const OutputSchema = z.object({
  findings: z.array(FindingSchema),
  summary: z.object({ total: Count, critical: Count, high: Count, medium: Count, low: Count }),
  scannedFiles: Count,
  scanDurationMs: z.number().nonnegative(),
  sarif: z.record(z.string(), z.unknown()).optional(),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
export type Finding = z.output<typeof FindingSchema>;
export type FindingType = Finding['type'];
export type Severity = Finding['severity'];
export type Confidence = Finding['confidence'];
