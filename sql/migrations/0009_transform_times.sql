-- Purpose: the times of transforms that are claimed and settled in one statement (engine_run_groups): when the worker began and ended
--          each, instead of the time of the transaction, by which they and their run took no time at all.
-- Locks:   none beyond the replaced functions.
-- Back:    the functions of 0002 again.

-- Up Migration

-- Ends runs whose nodes are all settled. The caller has computed engine_run rows and holds the locks.
CREATE OR REPLACE FUNCTION engine_update_runs(runs engine_run[]) RETURNS void LANGUAGE sql AS $$
  UPDATE "WorkflowRun" w SET
    sequence = r.sequence + r.events,
    "openNodes" = r."openNodes",
    "openFinally" = r."openFinally",
    "errorCode" = r."errorCode",
    "errorMessage" = r."errorMessage",
    "errorNodeId" = r."errorNodeId",
    -- of a run that was claimed and settled at once: when its first node was begun
    "startedAt" = coalesce(w."startedAt", (SELECT min(a."startedAt") FROM "AgentRun" a WHERE a."runId" = w.id), now()),
    status = CASE WHEN r."endStatus" IS NOT NULL THEN r."endStatus" WHEN w.status = 'PENDING' THEN 'RUNNING' ELSE w.status END,
    "finishedAt" = CASE WHEN r."endStatus" IS NOT NULL THEN clock_timestamp() END,
    output = CASE WHEN r."endStatus" IS NOT NULL THEN engine_sink_outputs(w.id, w."versionId") END,
    "updatedAt" = now()
  FROM unnest(runs) r WHERE w.id = r.id
$$;

-- Claims and settles whole groups of transforms in one statement. A worker has evaluated them all, in order, each from the
-- results of those before; transforms have no side effects, so it needed no right to do that, only the right to write.
-- Every node gets its attempt, its times and both its events. All or nothing per request: where anything is not as the
-- worker assumed (a node settled or claimed, the run paused, cancelled, ended, in another epoch), nothing of it changes.
-- requests: [{runId, epoch, workerId, ms, nodes: [{i, o, h, s, e}]}]  ms: how long ago the worker began with the group; i: node index,
--   o: output, h: its dependencies lie outside the group, s and e: when it was begun and ended, in ms from the group's beginning
-- result: engine_conclude's; a request that was refused has no node in "settled"
CREATE OR REPLACE FUNCTION engine_run_groups(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run_ids uuid[];
  wave engine_node[];
BEGIN
  SELECT array_agg(DISTINCT r."runId") INTO run_ids FROM jsonb_to_recordset(requests) AS r("runId" uuid);
  PERFORM 1 FROM "WorkflowRun" WHERE id = ANY (run_ids) ORDER BY id FOR NO KEY UPDATE;

  WITH results AS (
    SELECT r."runId", r.epoch, r."workerId", n.i, n.o, coalesce(n.h, false) AS h, n.ordinality,
      now() - coalesce(r.ms - n.s, 0) * interval '1 millisecond' AS began,
      now() - coalesce(r.ms - n.e, 0) * interval '1 millisecond' AS ended,
      count(*) OVER (PARTITION BY r."runId", r.ordinality) AS size,
      r.ordinality AS request
    FROM ROWS FROM (jsonb_to_recordset(requests) AS ("runId" uuid, epoch integer, "workerId" text, ms double precision, nodes jsonb))
        WITH ORDINALITY AS r("runId", epoch, "workerId", ms, nodes, ordinality)
      CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(r.nodes) AS (i integer, o jsonb, h boolean, s double precision, e double precision))
        WITH ORDINALITY AS n(i, o, h, s, e, ordinality)
  ), open AS (
    SELECT t.*, a.id, w."versionId", count(*) OVER (PARTITION BY t."runId", t.request) AS found
    FROM results t
    JOIN "WorkflowRun" w ON w.id = t."runId" AND w.epoch = t.epoch AND w."finishedAt" IS NULL AND w."pausedAt" IS NULL
      AND w."admittedAt" IS NOT NULL AND w."cancelRequestedAt" IS NULL
    JOIN "AgentRun" a ON a."runId" = t."runId" AND a."nodeIndex" = t.i AND a."itemIndex" IS NULL AND a.status = 'PENDING'
      AND a.token IS NULL AND a."wakeAt" IS NULL AND (a.pending = 0 OR NOT t.h)
  ), changed AS (
    UPDATE "AgentRun" a SET status = 'SUCCESS', output = o.o, pending = 0, attempt = a.attempt + 1, "workerId" = o."workerId",
      "readyAt" = coalesce(a."readyAt", o.began), "startedAt" = o.began, "firstStartedAt" = o.began, "finishedAt" = o.ended, "updatedAt" = now()
    FROM open o WHERE o.found = o.size AND a.id = o.id
    RETURNING a.*, o."versionId", o.request, o.ordinality
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", NULL, kind, "jobGroup", status, attempt,
    "finally", "allowFailure", NULL, NULL, 'fused')::engine_node ORDER BY request, ordinality) INTO wave FROM changed;

  RETURN engine_conclude(run_ids, coalesce(wave, '{}'), true, '{}');
END
$$;

-- Down Migration

CREATE OR REPLACE FUNCTION engine_update_runs(runs engine_run[]) RETURNS void LANGUAGE sql AS $$
  UPDATE "WorkflowRun" w SET
    sequence = r.sequence + r.events,
    "openNodes" = r."openNodes",
    "openFinally" = r."openFinally",
    "errorCode" = r."errorCode",
    "errorMessage" = r."errorMessage",
    "errorNodeId" = r."errorNodeId",
    "startedAt" = coalesce(w."startedAt", now()),
    status = CASE WHEN r."endStatus" IS NOT NULL THEN r."endStatus" WHEN w.status = 'PENDING' THEN 'RUNNING' ELSE w.status END,
    "finishedAt" = CASE WHEN r."endStatus" IS NOT NULL THEN now() END,
    output = CASE WHEN r."endStatus" IS NOT NULL THEN engine_sink_outputs(w.id, w."versionId") END,
    "updatedAt" = now()
  FROM unnest(runs) r WHERE w.id = r.id
$$;

CREATE OR REPLACE FUNCTION engine_run_groups(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run_ids uuid[];
  wave engine_node[];
BEGIN
  SELECT array_agg(DISTINCT r."runId") INTO run_ids FROM jsonb_to_recordset(requests) AS r("runId" uuid);
  PERFORM 1 FROM "WorkflowRun" WHERE id = ANY (run_ids) ORDER BY id FOR NO KEY UPDATE;

  WITH results AS (
    SELECT r."runId", r.epoch, r."workerId", n.i, n.o, coalesce(n.h, false) AS h, n.ordinality, count(*) OVER (PARTITION BY r."runId", r.ordinality) AS size,
      r.ordinality AS request
    FROM ROWS FROM (jsonb_to_recordset(requests) AS ("runId" uuid, epoch integer, "workerId" text, nodes jsonb)) WITH ORDINALITY
        AS r("runId", epoch, "workerId", nodes, ordinality)
      CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(r.nodes) AS (i integer, o jsonb, h boolean)) WITH ORDINALITY AS n(i, o, h, ordinality)
  ), open AS (
    SELECT t.*, a.id, w."versionId", count(*) OVER (PARTITION BY t."runId", t.request) AS found
    FROM results t
    JOIN "WorkflowRun" w ON w.id = t."runId" AND w.epoch = t.epoch AND w."finishedAt" IS NULL AND w."pausedAt" IS NULL
      AND w."admittedAt" IS NOT NULL AND w."cancelRequestedAt" IS NULL
    JOIN "AgentRun" a ON a."runId" = t."runId" AND a."nodeIndex" = t.i AND a."itemIndex" IS NULL AND a.status = 'PENDING'
      AND a.token IS NULL AND a."wakeAt" IS NULL AND (a.pending = 0 OR NOT t.h)
  ), changed AS (
    UPDATE "AgentRun" a SET status = 'SUCCESS', output = o.o, pending = 0, attempt = a.attempt + 1, "workerId" = o."workerId",
      "readyAt" = coalesce(a."readyAt", now()), "startedAt" = now(), "firstStartedAt" = now(), "finishedAt" = now(), "updatedAt" = now()
    FROM open o WHERE o.found = o.size AND a.id = o.id
    RETURNING a.*, o."versionId", o.request, o.ordinality
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", NULL, kind, "jobGroup", status, attempt,
    "finally", "allowFailure", NULL, NULL, 'fused')::engine_node ORDER BY request, ordinality) INTO wave FROM changed;

  RETURN engine_conclude(run_ids, coalesce(wave, '{}'), true, '{}');
END
$$;
