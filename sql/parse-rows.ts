import { SchemaValidationError, type Interceptor, type QueryResultRow } from 'slonik';
import { mendedKinds, type Mended } from './mended.ts';

/** Told of each row that was read with stand-ins, by what it is. */
export type OnUnreadable = (what: string) => void;

/**
 * Checks each row by the zod schema of its query (`sql.type(schema)`), so that a type in the code is a fact about the
 * table. A row that does not fit is a bug of ours or a database that is not at our version; the query throws slonik's
 * SchemaValidationError, which names the columns. Rows of `mended` schemas come with stand-ins instead.
 */
export function createParseRows(onUnreadable: OnUnreadable): Interceptor {
  return {
    name: 'parse-rows',
    transformRow({ resultParser }, query, row) {
      if (!resultParser) return row;
      const parsed = resultParser.safeParse(row);
      if (!parsed.success) {
        const error = new SchemaValidationError(query, row, parsed.error.issues);
        throw Object.assign(error, { message: `${error.message} ${describe(parsed.error.issues)}` });
      }
      if ((parsed.data as Mended).unreadable) onUnreadable(mendedKinds.get(resultParser)?.what ?? 'row');
      return parsed.data as QueryResultRow;
    },
  };
}

function describe(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.') || 'row'}: ${message}`).join('; ');
}
