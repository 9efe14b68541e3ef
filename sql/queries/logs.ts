import { sql } from 'slonik';
import { z } from 'zod';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';

const logLine = mended('log_line', z.object({ attempt: z.number(), line: z.number(), at: z.date(), text: z.string() }));
export type LogLine = z.output<typeof logLine>;

/** Where a reader of a log is: after this line of this attempt. */
export interface LogPosition {
  readonly attempt: number;
  readonly line: number;
}

/** What an agent wrote to stderr after the position, oldest first; of one attempt or of all. */
export function listLogLines(
  db: Queryable,
  agentRunId: string,
  { after, attempt, limit }: { after: LogPosition; attempt?: number | undefined; limit: number },
): Promise<readonly LogLine[]> {
  return db.any(sql.type(logLine)`
    SELECT attempt, line, at, text FROM "AgentLog"
    WHERE "agentRunId" = ${agentRunId} AND (attempt, line) > (${after.attempt}, ${after.line})
      AND ${attempt === undefined ? sql.fragment`true` : sql.fragment`attempt = ${attempt}`}
    ORDER BY attempt, line LIMIT ${limit}`);
}
