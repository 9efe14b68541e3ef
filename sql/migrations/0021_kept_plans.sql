-- Purpose: less time in the planner and in foreign key checks, which were two thirds of what a run of one step cost Postgres:
--          * the engine's functions keep the plans of their statements. With the default they were planned anew for each call,
--            because an array of one run looks cheaper than one of unknown length: 2.9 ms instead of 1.2 ms to run a group of one node.
--          * helpers in SQL, which Postgres plans on every call, become PL/pgSQL, which keeps its plans.
--          * events are written under the lock of their run, so that a foreign key found nothing and cost a look per event
--            (a fifth of a graph of 50 nodes); the trigger below deletes them with their run, as the key did.
-- Locks:   ACCESS EXCLUSIVE on "Event" and "WorkflowRun" for an instant.
-- Back:    plans, functions and the key as before. Events without a run are deleted first; there are none.

-- Up Migration

CREATE OR REPLACE FUNCTION engine_emit(run_id uuid, event_type text, event_data jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH numbered AS (
    UPDATE "WorkflowRun" SET sequence = sequence + 1, "updatedAt" = now() WHERE id = run_id RETURNING sequence
  )
  INSERT INTO "Event" ("runId", sequence, type, data) SELECT run_id, sequence, event_type, event_data FROM numbered;
END
$$;

CREATE OR REPLACE FUNCTION engine_sink_outputs(run_id uuid, version_id bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT coalesce(jsonb_object_agg(a."nodeId", CASE WHEN a.status = 'SUCCESS' THEN a.output END), '{}')
    FROM "WorkflowNode" n JOIN "AgentRun" a ON a."runId" = run_id AND a."nodeIndex" = n."nodeIndex" AND a."itemIndex" IS NULL
    WHERE n."versionId" = version_id AND n.sink);
END
$$;

CREATE OR REPLACE FUNCTION engine_update_runs(runs engine_run[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
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
  FROM unnest(runs) r WHERE w.id = r.id;
END
$$;

-- One setting per function that a process calls; what those call keeps its plans with them.
ALTER FUNCTION engine_create_runs SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_claim SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_run_groups SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_settle SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_release SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_park SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_decide SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_signal SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_cancel SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_pause SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_finish SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION engine_admit SET plan_cache_mode = force_generic_plan;

ALTER TABLE "Event" DROP CONSTRAINT "Event_runId_fkey";

CREATE FUNCTION engine_delete_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "Event" e USING gone WHERE e."runId" = gone.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER "WorkflowRun_events" AFTER DELETE ON "WorkflowRun" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION engine_delete_events();

-- Down Migration

DROP TRIGGER "WorkflowRun_events" ON "WorkflowRun";
DROP FUNCTION engine_delete_events;
DELETE FROM "Event" e WHERE NOT EXISTS (SELECT FROM "WorkflowRun" w WHERE w.id = e."runId");
ALTER TABLE "Event" ADD CONSTRAINT "Event_runId_fkey" FOREIGN KEY ("runId") REFERENCES "WorkflowRun" (id) ON DELETE CASCADE;

ALTER FUNCTION engine_create_runs RESET plan_cache_mode;
ALTER FUNCTION engine_claim RESET plan_cache_mode;
ALTER FUNCTION engine_run_groups RESET plan_cache_mode;
ALTER FUNCTION engine_settle RESET plan_cache_mode;
ALTER FUNCTION engine_release RESET plan_cache_mode;
ALTER FUNCTION engine_park RESET plan_cache_mode;
ALTER FUNCTION engine_decide RESET plan_cache_mode;
ALTER FUNCTION engine_signal RESET plan_cache_mode;
ALTER FUNCTION engine_cancel RESET plan_cache_mode;
ALTER FUNCTION engine_pause RESET plan_cache_mode;
ALTER FUNCTION engine_finish RESET plan_cache_mode;
ALTER FUNCTION engine_admit RESET plan_cache_mode;

CREATE OR REPLACE FUNCTION engine_emit(run_id uuid, event_type text, event_data jsonb) RETURNS void LANGUAGE sql AS $$
  WITH numbered AS (
    UPDATE "WorkflowRun" SET sequence = sequence + 1, "updatedAt" = now() WHERE id = run_id RETURNING sequence
  )
  INSERT INTO "Event" ("runId", sequence, type, data) SELECT run_id, sequence, event_type, event_data FROM numbered
$$;

CREATE OR REPLACE FUNCTION engine_sink_outputs(run_id uuid, version_id bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_object_agg(a."nodeId", CASE WHEN a.status = 'SUCCESS' THEN a.output END), '{}')
  FROM "WorkflowNode" n JOIN "AgentRun" a ON a."runId" = run_id AND a."nodeIndex" = n."nodeIndex" AND a."itemIndex" IS NULL
  WHERE n."versionId" = version_id AND n.sink
$$;

CREATE OR REPLACE FUNCTION engine_update_runs(runs engine_run[]) RETURNS void LANGUAGE sql AS $$
  UPDATE "WorkflowRun" w SET
    sequence = r.sequence + r.events,
    "openNodes" = r."openNodes",
    "openFinally" = r."openFinally",
    "errorCode" = r."errorCode",
    "errorMessage" = r."errorMessage",
    "errorNodeId" = r."errorNodeId",
    "startedAt" = coalesce(w."startedAt", (SELECT min(a."startedAt") FROM "AgentRun" a WHERE a."runId" = w.id), now()),
    status = CASE WHEN r."endStatus" IS NOT NULL THEN r."endStatus" WHEN w.status = 'PENDING' THEN 'RUNNING' ELSE w.status END,
    "finishedAt" = CASE WHEN r."endStatus" IS NOT NULL THEN clock_timestamp() END,
    output = CASE WHEN r."endStatus" IS NOT NULL THEN engine_sink_outputs(w.id, w."versionId") END,
    "updatedAt" = now()
  FROM unnest(runs) r WHERE w.id = r.id
$$;
