import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

/** Older ones than these say little about now, and reading them would cost the database more than it tells. */
const MOST_NODES = 300;

const statisticsRow = z.object({
  agent: z.string(),
  runs: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  retries: z.number(),
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
  lastEndedAt: z.date(),
});
export type AgentStatisticsRow = z.output<typeof statisticsRow>;

/**
 * How each agent's nodes of the last days ended, its newest 300 at most; results that were taken over count as nothing. Agents
 * that are registered no more are among them.
 */
export function measureAgents(db: Queryable, days: number): Promise<readonly AgentStatisticsRow[]> {
  return db.any(sql.type(statisticsRow)`
    WITH RECURSIVE known AS (
      (SELECT "agentName" AS name FROM "AgentRun" WHERE "agentName" IS NOT NULL ORDER BY "agentName" LIMIT 1)
      UNION ALL
      SELECT (SELECT "agentName" FROM "AgentRun" WHERE "agentName" > known.name ORDER BY "agentName" LIMIT 1)
      FROM known WHERE known.name IS NOT NULL
    ), ended AS (
      SELECT n."agentName", n.status, n.attempt, n."finishedAt",
        extract(epoch FROM n."finishedAt" - n."startedAt") * 1000 AS ms
      FROM known CROSS JOIN LATERAL (
        SELECT * FROM "AgentRun" a WHERE a."agentName" = known.name AND a."createdAt" > now() - ${days} * interval '1 day'
        ORDER BY a."createdAt" DESC LIMIT ${MOST_NODES}) n
      WHERE n."openItems" IS NULL AND n."copiedFromRunId" IS NULL AND n.status IN ('SUCCESS', 'FAILED')
    )
    SELECT "agentName" AS agent, count(*)::integer AS runs, count(*) FILTER (WHERE status = 'SUCCESS')::integer AS succeeded,
      count(*) FILTER (WHERE status = 'FAILED')::integer AS failed, sum(greatest(0, attempt - 1))::integer AS retries,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE status = 'SUCCESS') AS "medianMs",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) FILTER (WHERE status = 'SUCCESS') AS "p95Ms",
      max("finishedAt") AS "lastEndedAt"
    FROM ended GROUP BY "agentName" ORDER BY "agentName"`);
}
