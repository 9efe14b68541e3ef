import { z } from 'zod';

const InsidePath = z
  .string()
  .regex(/^[^/\\]/, 'must be a path inside the repository')
  .refine((path) => !/^[A-Za-z]:|(^|[\\/])\.\.([\\/]|$)/.test(path), 'must be a path inside the repository');
const KeyPath = z.union([z.string().min(1), z.array(z.union([z.string(), z.int().nonnegative()])).min(1)]);

const common = {
  repositoryPath: z.string().min(1),
  /** Shows what would change and changes nothing. */
  dryRun: z.boolean().default(true),
  /** Goes on although the repository has uncommitted changes. */
  allowDirty: z.boolean().default(false),
};

export const InputSchema = z.discriminatedUnion('operation', [
  z.strictObject({
    ...common,
    /** Text for text. `find` must stand there exactly once, unless `all`. */
    operation: z.literal('replace'),
    file: InsidePath,
    changes: z
      .array(z.strictObject({ find: z.string().min(1), replace: z.string(), all: z.boolean().default(false) }))
      .min(1),
  }),
  z.strictObject({
    ...common,
    /** Versions in package.json; run the package manager afterwards for the lock file. */
    operation: z.literal('dependency-update'),
    file: InsidePath.default('package.json'),
    changes: z.array(z.strictObject({ name: z.string().min(1), version: z.string().min(1) })).min(1),
  }),
  z.strictObject({
    ...common,
    /** Values in JSON (with comments too), YAML or TOML; everything else stays as it is. `a.b` or ["a", "b.c", 0]. */
    operation: z.literal('config-edit'),
    file: InsidePath,
    changes: z
      .array(
        z.union([
          z.strictObject({ path: KeyPath, value: z.json() }),
          z.strictObject({ path: KeyPath, remove: z.literal(true) }),
        ]),
      )
      .min(1),
  }),
  z.strictObject({
    ...common,
    /** Syntax patterns as ast-grep has them: `foo($A, $$$REST)` → `bar($$$REST, $A)`. */
    operation: z.literal('codemod'),
    /** One file, or a pattern as in .gitignore; by default every file in a language that has a grammar. */
    file: InsidePath.default('**'),
    changes: z.array(z.strictObject({ pattern: z.string().min(1), rewrite: z.string() })).min(1),
  }),
  z.strictObject({
    ...common,
    /** A unified diff; `rollbackPatch` of an earlier run is one. Every hunk must fit exactly. */
    operation: z.literal('apply-patch'),
    changes: z.array(z.strictObject({ patch: z.string().min(1) })).min(1),
  }),
]);

const Count = z.int().nonnegative();

export const OutputSchema = z.object({
  applied: z.boolean(),
  changes: z.array(
    z.object({
      file: z.string(),
      action: z.enum(['modified', 'created', 'deleted']),
      /** Lines added and removed. */
      linesChanged: Count,
      diff: z.string(),
    }),
  ),
  summary: z.object({ filesChanged: Count, linesAdded: Count, linesRemoved: Count }),
  patchDurationMs: z.number().nonnegative(),
  /** A unified diff that gives back every byte; pass it to `apply-patch` or `git apply`. */
  rollbackPatch: z.string(),
});

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
export type InputOf<Operation extends Input['operation']> = Extract<Input, { operation: Operation }>;
