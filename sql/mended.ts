import { z } from 'zod';

/** What a row tells besides its columns when some of them could not be read: which, and why. */
export interface Mended {
  readonly unreadable?: string[];
}

/** What the rows of a mended schema are, for the metric `unreadable_rows_total`. */
export const mendedKinds = z.registry<{ readonly what: string }>();

/** What stands in for a column: the first that its schema takes. */
const STAND_INS: readonly unknown[] = [
  null,
  {},
  [],
  '',
  0,
  false,
  new Date(0),
  { type: 'unknown' },
  { nodes: [], edges: [] },
];
const LAST_YEAR = 9999;

/**
 * A row's schema that takes malformed rows too, as an operator's UPDATE or a bug may leave them: what does not fit is
 * replaced and named in `unreadable`, so that one bad row costs a list its own columns and not the whole page. For rows
 * that are shown, or looked through in the background; what decides about a run keeps the strict schema.
 * @param what the kind of row, as the metric names it
 */
export function mended<S extends z.ZodRawShape>(what: string, schema: z.ZodObject<S>) {
  type Row = z.output<z.ZodObject<S>> & Mended;
  const tolerant = z.unknown().transform((row, context): Row => {
    const parsed = schema.safeParse(row);
    if (parsed.success && !Object.values(parsed.data).some(isOddTime)) return parsed.data;
    const mend = mendRow(schema.shape, row as Record<string, unknown>);
    if (mend !== null) return mend as Row;
    context.addIssue({ code: 'custom', message: parsed.error?.message ?? 'cannot be read' });
    return z.NEVER;
  });
  mendedKinds.add(tolerant, { what });
  return tolerant;
}

/** The rows that nothing is wrong with: those whose columns have a stand-in are no base for an action. */
export function readable<T extends Mended>(rows: readonly T[]): T[] {
  return rows.filter(({ unreadable }) => unreadable === undefined);
}

/** Null where a column can neither be read nor replaced. */
function mendRow(shape: z.ZodRawShape, row: Record<string, unknown>): (Record<string, unknown> & Mended) | null {
  const unreadable: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [column, type] of Object.entries(shape) as [string, z.ZodType][]) {
    const { value, problem } = readColumn(type, row[column]);
    if (value === undefined && problem !== undefined) return null;
    if (problem !== undefined) unreadable.push(`${column}: ${problem}`);
    values[column] = value;
  }
  return { ...values, unreadable };
}

function readColumn(type: z.ZodType, stored: unknown): { value?: unknown; problem?: string } {
  const parsed = type.safeParse(stored);
  if (parsed.success && !isOddTime(parsed.data)) return { value: parsed.data };
  const problem = parsed.error?.issues[0]?.message ?? 'not a time that can be written down';
  return { value: STAND_INS.find((candidate) => type.safeParse(candidate).success), problem };
}

/** Years that ISO 8601 has no four digits for; Postgres has them, and `infinity`. */
function isOddTime(value: unknown): boolean {
  return value instanceof Date && !(value.getUTCFullYear() >= 0 && value.getUTCFullYear() <= LAST_YEAR);
}
