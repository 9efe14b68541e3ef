-- Purpose: limits that hold over all workers and all workflows: how often an agent runs at once, how much a pool runs at once; and
--          a workflow's `maxConcurrentRuns` beside a concurrency key. `engine_claim` becomes a shell around the former function,
--          which goes on as `engine_claim_nodes`.
-- Locks:   a short exclusive lock on "AgentRun" for the new columns (no default) and the wider check, which reads the table once.
-- Back:    the limits hold no longer; the former functions have their old names again.
--
-- A place is nothing that is given out and taken back: what counts against a limit are the leases that there are. So no crash can
-- leak one, and a lease that runs out gives its place back. Claims under one limit are counted one after the other, under an
-- advisory lock that is taken after the locks of the runs and in the order of the limits' names.

-- Up Migration

CREATE TABLE "Pool" (
  name text PRIMARY KEY,
  "maxConcurrent" integer NOT NULL CHECK ("maxConcurrent" > 0),
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE "AgentRun" ADD COLUMN pool text;        -- of a node that is counted against the pool's limit
ALTER TABLE "AgentRun" ADD COLUMN "waitingOf" uuid; -- the workflow of a node that waits under a limit: they take turns
ALTER TABLE "AgentRun" DROP CONSTRAINT "AgentRun_waitingFor_check";
ALTER TABLE "AgentRun" ADD CONSTRAINT "AgentRun_waitingFor_check"
  CHECK ("waitingFor" IN ('retry', 'approval', 'timer', 'signal', 'workflow', 'items', 'resolved', 'lock', 'limit'));
-- No column of it changes with every step: see 0001.
CREATE INDEX "AgentRun_limit_idx" ON "AgentRun" ("waitingName", "waitingOf", "createdAt", "itemIndex") WHERE "waitingFor" = 'limit';

-- A node that ends while it waits (cancelled, out of time) is in nobody's way any more.
CREATE FUNCTION engine_leave_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."waitingName" := NULL;
  NEW."waitingOf" := NULL;
  RETURN NEW;
END
$$;
CREATE TRIGGER "AgentRun_leave_line" BEFORE UPDATE ON "AgentRun" FOR EACH ROW
  WHEN (NEW."waitingFor" = 'limit' AND NEW."finishedAt" IS NOT NULL) EXECUTE FUNCTION engine_leave_line();

-- The limits that an agent's node is under; `name` is what locks, waiting nodes and the reasons shown go by.
CREATE FUNCTION engine_limits_of(agent_name text, pool_name text) RETURNS TABLE (name text, most integer) LANGUAGE sql STABLE AS $$
  SELECT 'agent ' || a.name, a."maxConcurrent" FROM "Agent" a WHERE a.name = agent_name AND a."maxConcurrent" IS NOT NULL
  UNION ALL
  SELECT 'pool ' || p.name, p."maxConcurrent" FROM "Pool" p WHERE p.name = pool_name
$$;

-- How many places of a limit are taken now. The index on leases holds running nodes only.
CREATE FUNCTION engine_limit_use(limit_name text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT count(*)::integer FROM "AgentRun" a
  WHERE a."leaseUntil" IS NOT NULL AND a.token IS NOT NULL
    AND CASE WHEN limit_name LIKE 'agent %' THEN a."agentName" = substr(limit_name, 7) ELSE a.pool = substr(limit_name, 6) END
$$;

-- The workflows of which nodes wait under a limit, found without reading all that wait (they may be thousands).
CREATE FUNCTION engine_limit_workflows(limit_name text) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  WITH RECURSIVE waiting(workflow) AS (
    (SELECT "waitingOf" FROM "AgentRun" WHERE "waitingFor" = 'limit' AND "waitingName" = limit_name ORDER BY "waitingOf" LIMIT 1)
    UNION ALL
    SELECT (SELECT a."waitingOf" FROM "AgentRun" a WHERE a."waitingFor" = 'limit' AND a."waitingName" = limit_name
      AND a."waitingOf" > w.workflow ORDER BY a."waitingOf" LIMIT 1)
    FROM waiting w WHERE w.workflow IS NOT NULL
  )
  SELECT workflow FROM waiting WHERE workflow IS NOT NULL
$$;

-- The node whose turn it is under each of these limits: of the workflow that runs least under it, and not of the one that was
-- served last where another waits; of that workflow the one that was made first, in a run that may go on.
CREATE FUNCTION engine_next_under_limits(limit_names text[], served uuid)
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

-- The agents' nodes that a claim asks for.
CREATE FUNCTION engine_asked_agents(requests jsonb)
RETURNS TABLE (key integer, epoch integer, pool text, id uuid, "agentName" text) LANGUAGE sql STABLE AS $$
  SELECT r.key, r.epoch, r.pool, a.id, a."agentName"
  FROM jsonb_to_recordset(requests) AS r(key integer, "runId" uuid, epoch integer, "agentRunId" uuid, nodes integer[], pool text)
  JOIN "AgentRun" a ON a."runId" = r."runId" AND a."nodeIndex" = ANY (r.nodes) AND a."itemIndex" IS NULL
  WHERE r."agentRunId" IS NULL AND a.kind = 'agent'
  UNION ALL
  SELECT r.key, r.epoch, r.pool, a.id, a."agentName"
  FROM jsonb_to_recordset(requests) AS r(key integer, epoch integer, "agentRunId" uuid, pool text)
  JOIN "AgentRun" a ON a.id = r."agentRunId" AND a.kind = 'agent'
$$;

-- Which requests of a claim find no place under a limit; those that do are counted from their claim on, which comes in the same
-- transaction. A node that is refused notes what it waits for, so that it can be told when a place is free.
-- result: [{key, reason: 'limit', until}]: the first few that wait look again soon by themselves, should they not be told; the
--         others late, because thousands may wait.
CREATE FUNCTION engine_refuse_over_limit(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  limits text[];
  one text;
  refused jsonb;
BEGIN
  SELECT array_agg(DISTINCT l.name ORDER BY l.name) INTO limits
  FROM engine_asked_agents(requests) q CROSS JOIN LATERAL engine_limits_of(q."agentName", q.pool) l;
  IF limits IS NULL THEN
    RETURN '[]';
  END IF;
  PERFORM 1 FROM "WorkflowRun" WHERE id IN (SELECT r."runId" FROM jsonb_to_recordset(requests) AS r("runId" uuid)) ORDER BY id FOR NO KEY UPDATE;
  FOREACH one IN ARRAY limits LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('limit:' || one, 0));
  END LOOP;

  WITH asked AS (
    SELECT q.key, q.pool, a.id, w."workflowId", l.name, l.most, u.used,
      row_number() OVER (PARTITION BY l.name ORDER BY a."readyAt", a.id) AS place
    FROM engine_asked_agents(requests) q
    JOIN "AgentRun" a ON a.id = q.id AND a.status = 'PENDING' AND a.pending = 0 AND a.token IS NULL
      AND (a."wakeAt" IS NULL OR a."wakeAt" <= now())
    JOIN "WorkflowRun" w ON w.id = a."runId" AND w.epoch = q.epoch
    CROSS JOIN LATERAL engine_limits_of(a."agentName", q.pool) l
    CROSS JOIN LATERAL (SELECT engine_limit_use(l.name) AS used) u
  ), over AS (
    SELECT DISTINCT ON (key) key, id, "workflowId", name, most FROM asked WHERE used + place > most ORDER BY key, name
  ), noted AS (
    UPDATE "AgentRun" a SET "waitingFor" = 'limit', "waitingName" = o.name, "waitingOf" = o."workflowId", "wakeAt" = NULL, "updatedAt" = now()
    FROM over o WHERE a.id = o.id AND (a."waitingFor" IS DISTINCT FROM 'limit' OR a."waitingName" IS DISTINCT FROM o.name)
  ), counted AS (
    UPDATE "AgentRun" a SET pool = q.pool FROM asked q
    WHERE a.id = q.id AND q.name LIKE 'pool %' AND a.pool IS DISTINCT FROM q.pool AND q.key NOT IN (SELECT key FROM over)
  )
  SELECT jsonb_agg(jsonb_build_object('key', o.key, 'reason', 'limit', 'until', now() + CASE
    WHEN (SELECT count(*) FROM (SELECT FROM "AgentRun" w WHERE w."waitingFor" = 'limit' AND w."waitingName" = o.name LIMIT o.most + 1) few) > o.most
    THEN interval '30 seconds' ELSE interval '2 seconds' END)) INTO refused
  FROM over o;
  RETURN coalesce(refused, '[]');
END
$$;

ALTER FUNCTION engine_claim(jsonb) RENAME TO engine_claim_nodes;

-- Claims nodes for a worker, where the limits of their agent and their pool have a place.
-- requests: engine_claim_nodes', and pool: the one whose queue the job came from
-- result:   engine_claim_nodes'; the reason may be `limit`
CREATE FUNCTION engine_claim(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  refused jsonb := engine_refuse_over_limit(requests);
BEGIN
  IF refused = '[]' THEN
    RETURN engine_claim_nodes(requests);
  END IF;
  RETURN (
    SELECT jsonb_agg(answer ORDER BY (answer ->> 'key')::integer) FROM jsonb_array_elements(refused || engine_claim_nodes((
      SELECT coalesce(jsonb_agg(request), '[]') FROM jsonb_array_elements(requests) AS request
      WHERE request -> 'key' NOT IN (SELECT r -> 'key' FROM jsonb_array_elements(refused) AS r)))) AS answer);
END
$$;

CREATE INDEX "WorkflowRun_admitted_idx" ON "WorkflowRun" ("workflowId")
  WHERE "concurrencyKey" IS NOT NULL AND "admittedAt" IS NOT NULL AND "finishedAt" IS NULL;

ALTER FUNCTION engine_admit(text) RENAME TO engine_admit_key;

-- Admits waiting runs when there may be a place: under the key, or, where the key's workflow has `maxConcurrentRuns` (as it is
-- defined now), under any of its keys that has a place, the oldest first, as many as both limits allow. Keys begin with the id of
-- their workflow. Rows that another transaction holds are left for the next look, because they would be locked out of id order here.
CREATE FUNCTION engine_admit(concurrency_key text) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  workflow_id uuid := left(concurrency_key, 36);
  most integer := (SELECT "maxConcurrentRuns" FROM "Workflow" WHERE id = workflow_id);
  places integer;
  admitted uuid[];
BEGIN
  IF most IS NULL THEN
    RETURN engine_admit_key(concurrency_key);
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('admit workflow:' || workflow_id, 0));
  SELECT most - count(*) INTO places FROM "WorkflowRun"
    WHERE "workflowId" = workflow_id AND "concurrencyKey" IS NOT NULL AND "admittedAt" IS NOT NULL AND "finishedAt" IS NULL;
  IF places <= 0 THEN
    RETURN '{}';
  END IF;
  WITH keys AS (
    SELECT "concurrencyKey" AS key, max("concurrencyLimit") - count(*) FILTER (WHERE "admittedAt" IS NOT NULL) AS places
    FROM "WorkflowRun" WHERE "workflowId" = workflow_id AND "concurrencyKey" IS NOT NULL AND "finishedAt" IS NULL GROUP BY 1
  ), candidates AS (
    SELECT c.id FROM keys k CROSS JOIN LATERAL (
      SELECT w.id FROM "WorkflowRun" w WHERE w."concurrencyKey" = k.key AND w."finishedAt" IS NULL AND w."admittedAt" IS NULL
      ORDER BY w."createdAt", w.id LIMIT greatest(k.places, 0)) c
  ), next AS (
    SELECT id FROM "WorkflowRun" WHERE id IN (SELECT id FROM candidates)
    ORDER BY "createdAt", id LIMIT places FOR NO KEY UPDATE SKIP LOCKED
  ), changed AS (
    UPDATE "WorkflowRun" w SET "admittedAt" = now(), "updatedAt" = now() FROM next WHERE w.id = next.id RETURNING w.id
  )
  SELECT coalesce(array_agg(id), '{}') INTO admitted FROM changed;
  RETURN admitted;
END
$$;

-- Down Migration

DROP FUNCTION engine_admit;
ALTER FUNCTION engine_admit_key(text) RENAME TO engine_admit;
DROP INDEX "WorkflowRun_admitted_idx";
DROP FUNCTION engine_claim;
ALTER FUNCTION engine_claim_nodes(jsonb) RENAME TO engine_claim;
DROP FUNCTION engine_refuse_over_limit, engine_asked_agents, engine_next_under_limits, engine_limit_workflows, engine_limit_use, engine_limits_of;
DROP TRIGGER "AgentRun_leave_line" ON "AgentRun";
DROP FUNCTION engine_leave_line;
DROP INDEX "AgentRun_limit_idx";
UPDATE "AgentRun" SET "waitingFor" = NULL WHERE "waitingFor" = 'limit';
ALTER TABLE "AgentRun" DROP CONSTRAINT "AgentRun_waitingFor_check";
ALTER TABLE "AgentRun" ADD CONSTRAINT "AgentRun_waitingFor_check"
  CHECK ("waitingFor" IN ('retry', 'approval', 'timer', 'signal', 'workflow', 'items', 'resolved', 'lock'));
ALTER TABLE "AgentRun" DROP COLUMN "waitingOf", DROP COLUMN pool;
DROP TABLE "Pool";
