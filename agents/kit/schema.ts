import { InvalidInput } from './failure.ts';

/**
 * The part of a zod schema that the kit uses. Structural, so that an agent may bring its own zod (3 or 4) and the
 * kit itself depends on nothing.
 */
export interface Schema<T> {
  safeParse(value: unknown): ParseResult<T>;
}

type ParseResult<T> = { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The input as the agent wants it; throws InvalidInput that names every path that does not fit. */
export function checkInput<T>(schema: Schema<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInput(`Zod validation failed: ${describe(result.error.issues)}`);
}

/** The output as promised; throws an Error that names every path that does not fit. */
export function checkOutput<T>(schema: Schema<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`The output does not fit its schema: ${describe(result.error.issues)}`);
}

function describe(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.') || '(root)'}: ${message}`).join('; ');
}
