import { z } from 'zod';

export const ISSUE_TYPES = ['complexity', 'duplication', 'dead-code', 'risk', 'style', 'lint'] as const;

/** From worst to least. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;

/** A branch, tag or commit; nothing that git could take for an option or a range. */
const Revision = z
  .string()
  .regex(/^[\w./@^~{}+][\w./@^~{}+-]{0,199}$/, 'must name a branch, a tag or a commit')
  .refine((name) => !name.includes('..'), 'must name one revision, not a range');

export const InputSchema = z
  .strictObject({
    repositoryPath: z.string().min(1),
    type: z.enum(['all', ...ISSUE_TYPES]).default('all'),
    /** Which files: a pattern as in .gitignore (`src/`, `**` + `/*.ts`). */
    filePattern: z.string().min(1).optional(),
    /** Reviews only what has changed since this revision. */
    base: Revision.optional(),
    /** The revision to review; by default the files as they lie in the folder. */
    head: Revision.optional(),
    /** Also runs the ESLint that the repository has installed. That executes the repository's code: only where it is trusted. */
    projectLint: z.boolean().default(false),
  })
  .refine(({ base, head }) => head === undefined || base !== undefined, {
    path: ['base'],
    message: 'head needs a base',
  });

export const IssueSchema = z.object({
  type: z.enum(ISSUE_TYPES),
  severity: z.enum(SEVERITIES),
  file: z.string(),
  line: z.int().positive(),
  description: z.string(),
  suggestion: z.string(),
  rule: z.string(),
});

const Count = z.int().nonnegative();

export const OutputSchema = z.object({
  issues: z.array(IssueSchema),
  summary: z.object({ total: Count, errors: Count, warnings: Count, info: Count, filesReviewed: Count }),
  metrics: z.object({
    /** Cyclomatic complexity over all functions. */
    avgComplexity: z.number().nonnegative(),
    maxComplexity: Count,
    totalLines: Count,
    files: z.array(z.object({ file: z.string(), lines: Count, functions: Count, maxComplexity: Count })),
  }),
  /** Whether the project's own lint ran, when that was asked for, and if not, why. */
  projectLint: z.object({ ran: z.boolean(), version: z.string().optional(), reason: z.string().optional() }).optional(),
  reviewDurationMs: z.number().nonnegative(),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
export type Issue = z.output<typeof IssueSchema>;
export type Severity = Issue['severity'];
export type FileMetrics = Output['metrics']['files'][number];
