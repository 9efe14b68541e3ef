import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

/** Older runs than these say little about now, and reading them would cost the database more than it tells. */
const MOST_RUNS = 5_000;

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

/** How the agents' nodes ended in the runs of the last days; results that were taken over count as nothing. */
export function measureAgents(db: Queryable, days: number): Promise<readonly AgentStatisticsRow[]> {
  return db.any(sql.type(statisticsRow)`
    WITH recent AS (
      SELECT id FROM "WorkflowRun" WHERE "createdAt" > now() - ${days} * interval '1 day'
      ORDER BY "createdAt" DESC LIMIT ${MOST_RUNS}
    ), ended AS (
      SELECT a."agentName", a.status, a.attempt, a."finishedAt",
        extract(epoch FROM a."finishedAt" - a."startedAt") * 1000 AS ms
      FROM recent JOIN "AgentRun" a ON a."runId" = recent.id
      WHERE a."agentName" IS NOT NULL AND a."openItems" IS NULL AND a."copiedFromRunId" IS NULL
        AND a.status IN ('SUCCESS', 'FAILED')
    )
    SELECT "agentName" AS agent, count(*)::integer AS runs, count(*) FILTER (WHERE status = 'SUCCESS')::integer AS succeeded,
      count(*) FILTER (WHERE status = 'FAILED')::integer AS failed, sum(greatest(0, attempt - 1))::integer AS retries,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE status = 'SUCCESS') AS "medianMs",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) FILTER (WHERE status = 'SUCCESS') AS "p95Ms",
      max("finishedAt") AS "lastEndedAt"
    FROM ended GROUP BY "agentName" ORDER BY "agentName"`);
}
