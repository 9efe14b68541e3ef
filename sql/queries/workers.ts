import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

export interface WorkerMark {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  readonly pools: readonly string[];
  readonly concurrency: number;
}

/** Notes that a process is alive now. @returns the database's time, in milliseconds since 1970 */
export async function markWorker(
  db: Queryable,
  { id, host, pid, roles, pools, concurrency }: WorkerMark,
): Promise<number> {
  return db.oneFirst(sql.type(z.object({ now: z.number() }))`
    INSERT INTO "Worker" (id, host, pid, roles, pools, concurrency)
    VALUES (${id}, ${host}, ${pid}, ${sql.array([...roles], 'text')}, ${sql.array([...pools], 'text')}, ${concurrency})
    ON CONFLICT (id) DO UPDATE SET "heartbeatAt" = now(), "stoppedAt" = NULL, pools = excluded.pools, concurrency = excluded.concurrency
    RETURNING (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`);
}

export async function markStopped(db: Queryable, id: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`UPDATE "Worker" SET "stoppedAt" = now() WHERE id = ${id}`);
}
