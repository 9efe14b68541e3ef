import { sql } from 'slonik';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { NO_ROWS } from '../no-rows.ts';

/** Appends lines of an attempt's stderr; a line that is there already is left. */
export async function insertLogLines(
  db: Queryable,
  agentRunId: string,
  attempt: number,
  lines: readonly { readonly line: number; readonly at: Date; readonly text: string }[],
): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "AgentLog" ("agentRunId", attempt, line, at, text)
    SELECT ${agentRunId}, ${attempt}, l.line, l.at, l.text
    FROM jsonb_to_recordset(${toJsonText(lines)}::jsonb) AS l(line integer, at timestamptz, text text)
    WHERE EXISTS (SELECT FROM "AgentRun" WHERE id = ${agentRunId})
    ON CONFLICT DO NOTHING`);
}
