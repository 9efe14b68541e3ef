-- Purpose: whose turn it is under a limit is asked after every attempt of an agent: in PL/pgSQL its plan is kept, where Postgres planned the
--          SQL function anew each time.
-- Locks:   none beyond the replaced function.
-- Back:    the function of 0007 again.

-- Up Migration

CREATE OR REPLACE FUNCTION engine_next_under_limits(limit_names text[], served uuid)
RETURNS TABLE ("agentRunId" uuid, "runId" uuid, "limitName" text) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT next.id, next."runId", l.name
  FROM unnest(limit_names) AS l(name)
  CROSS JOIN LATERAL (
    SELECT first.id, first."runId" FROM engine_limit_workflows(l.name) AS workflow
    CROSS JOIN LATERAL (
      SELECT a.id, a."runId" FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
      WHERE a."waitingFor" = 'limit' AND a."waitingName" = l.name AND a."waitingOf" = workflow
        AND w."pausedAt" IS NULL AND (w."cancelRequestedAt" IS NULL OR a."finally")
      ORDER BY a."createdAt", a."itemIndex" LIMIT 1
    ) first
    ORDER BY (SELECT count(*) FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
        WHERE a."leaseUntil" IS NOT NULL AND w."workflowId" = workflow
          AND CASE WHEN l.name LIKE 'agent %' THEN a."agentName" = substr(l.name, 7) ELSE a.pool = substr(l.name, 6) END),
      workflow IS NOT DISTINCT FROM served, random() LIMIT 1
  ) next;
END
$$;

-- Down Migration

CREATE OR REPLACE FUNCTION engine_next_under_limits(limit_names text[], served uuid)
RETURNS TABLE ("agentRunId" uuid, "runId" uuid, "limitName" text) LANGUAGE sql STABLE AS $$
  SELECT next.id, next."runId", l.name
  FROM unnest(limit_names) AS l(name)
  CROSS JOIN LATERAL (
    SELECT first.id, first."runId" FROM engine_limit_workflows(l.name) AS workflow
    CROSS JOIN LATERAL (
      SELECT a.id, a."runId" FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
      WHERE a."waitingFor" = 'limit' AND a."waitingName" = l.name AND a."waitingOf" = workflow
        AND w."pausedAt" IS NULL AND (w."cancelRequestedAt" IS NULL OR a."finally")
      ORDER BY a."createdAt", a."itemIndex" LIMIT 1
    ) first
    ORDER BY (SELECT count(*) FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
        WHERE a."leaseUntil" IS NOT NULL AND w."workflowId" = workflow
          AND CASE WHEN l.name LIKE 'agent %' THEN a."agentName" = substr(l.name, 7) ELSE a.pool = substr(l.name, 6) END),
      workflow IS NOT DISTINCT FROM served, random() LIMIT 1
  ) next
$$;
