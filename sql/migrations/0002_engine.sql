-- Purpose: the transitions of the engine, each one statement for its caller and one transaction.
-- Inputs:  JSON arrays, so that a process can merge what its nodes are waiting for into one call (a group commit).
-- Result:  JSON: what changed, what became ready, which runs ended.
-- Locks:   every function locks its run rows first, in id order, and nodes only after that; the order is what keeps
--          two merged settles from deadlocking. What is read after the lock is read by a new statement, hence fresh:
--          counting dependencies in the statement that waited for the lock would miss a sibling's settle.
-- Back:    drops the functions; the tables of 0001 are untouched.

-- Up Migration

-- A node as the functions below hand it from step to step.
CREATE TYPE engine_node AS (
  "runId" uuid,
  "versionId" bigint,
  "agentRunId" uuid,
  "nodeIndex" integer,
  "nodeId" text,
  "itemIndex" integer,
  kind text,
  "jobGroup" integer,
  status text,
  attempt integer,
  "isFinally" boolean,
  "allowFailure" boolean,
  "errorCode" text,
  "errorMessage" text,
  "wasWaiting" text
);

-- A worker's right to go on with what its settle makes ready in the same job group.
CREATE TYPE engine_turn AS ("runId" uuid, "jobGroup" integer, token uuid, "workerId" text);

-- A run after a settle: what its row becomes.
CREATE TYPE engine_run AS (
  id uuid,
  sequence integer,
  "openNodes" integer,
  "openFinally" integer,
  "errorCode" text,
  "errorMessage" text,
  "errorNodeId" text,
  "endStatus" text, -- null: the run goes on
  "needsFinish" boolean,
  events integer
);

-- Does the rule of a node hold, all its dependencies being settled?
CREATE FUNCTION engine_rule_holds(rule text, total integer, succeeded integer, failed integer, skipped integer)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE rule
    WHEN 'all_done' THEN true
    WHEN 'all_success' THEN succeeded = total
    WHEN 'none_failed' THEN succeeded + skipped = total
    WHEN 'one_success' THEN succeeded > 0 OR total = 0
    WHEN 'one_failed' THEN failed > 0
    ELSE false
  END
$$;

CREATE FUNCTION engine_node_event(node engine_node) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'nodeId', node."nodeId", 'agentRunId', node."agentRunId", 'itemIndex', node."itemIndex", 'status', node.status,
    'attempt', node.attempt,
    'error', CASE WHEN node."errorCode" IS NOT NULL
      THEN jsonb_build_object('code', node."errorCode", 'message', node."errorMessage") END))
$$;

-- Appends one event. The caller holds the run's lock.
CREATE FUNCTION engine_emit(run_id uuid, event_type text, event_data jsonb) RETURNS void LANGUAGE sql AS $$
  WITH numbered AS (
    UPDATE "WorkflowRun" SET sequence = sequence + 1, "updatedAt" = now() WHERE id = run_id RETURNING sequence
  )
  INSERT INTO "Event" ("runId", sequence, type, data) SELECT run_id, sequence, event_type, event_data FROM numbered
$$;

-- WAITING_APPROVAL while a node waits for a person and nothing else is under way; back to RUNNING when something is.
CREATE FUNCTION engine_refresh_waiting(run_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  current_status text;
  active boolean;
BEGIN
  SELECT status INTO current_status FROM "WorkflowRun" WHERE id = run_id AND "waitingApprovals" > 0 AND "finishedAt" IS NULL;
  IF NOT FOUND THEN
    UPDATE "WorkflowRun" SET status = 'RUNNING' WHERE id = run_id AND status = 'WAITING_APPROVAL' AND "finishedAt" IS NULL;
    IF FOUND THEN
      PERFORM engine_emit(run_id, 'run.resumed', jsonb_build_object('status', 'RUNNING'));
    END IF;
    RETURN;
  END IF;
  SELECT EXISTS (
    SELECT FROM "AgentRun" WHERE "runId" = run_id
      AND (status = 'RUNNING' OR (status = 'PENDING' AND pending = 0))
      AND NOT (status = 'RUNNING' AND "waitingFor" = 'items' AND "waitingFor" IS NOT NULL)
  ) INTO active;
  IF active AND current_status = 'WAITING_APPROVAL' THEN
    UPDATE "WorkflowRun" SET status = 'RUNNING' WHERE id = run_id;
    PERFORM engine_emit(run_id, 'run.resumed', jsonb_build_object('status', 'RUNNING'));
  ELSIF NOT active AND current_status = 'RUNNING' THEN
    UPDATE "WorkflowRun" SET status = 'WAITING_APPROVAL' WHERE id = run_id;
    PERFORM engine_emit(run_id, 'run.waiting_approval', jsonb_build_object('status', 'WAITING_APPROVAL'));
  END IF;
END
$$;

-- Admits waiting runs of one concurrency key, oldest first, up to the limit. Rows that another transaction holds are
-- left for the next look (SKIP LOCKED), because they would be locked out of id order here.
CREATE FUNCTION engine_admit(concurrency_key text) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  places integer;
  admitted uuid[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('admit:' || concurrency_key, 0));
  SELECT max("concurrencyLimit") - count(*) FILTER (WHERE "admittedAt" IS NOT NULL) INTO places
    FROM "WorkflowRun" WHERE "concurrencyKey" = concurrency_key AND "finishedAt" IS NULL;
  IF places IS NULL OR places <= 0 THEN
    RETURN '{}';
  END IF;
  WITH next AS (
    SELECT id FROM "WorkflowRun"
    WHERE "concurrencyKey" = concurrency_key AND "finishedAt" IS NULL AND "admittedAt" IS NULL
    ORDER BY "createdAt", id LIMIT places FOR NO KEY UPDATE SKIP LOCKED
  ), changed AS (
    UPDATE "WorkflowRun" w SET "admittedAt" = now(), "updatedAt" = now() FROM next WHERE w.id = next.id RETURNING w.id
  )
  SELECT coalesce(array_agg(id), '{}') INTO admitted FROM changed;
  RETURN admitted;
END
$$;

-- Step of settle: the next held instances of a forEach node take the places of those that settled.
CREATE FUNCTION engine_release_items(wave engine_node[]) RETURNS engine_node[] LANGUAGE plpgsql AS $$
DECLARE
  released engine_node[];
BEGIN
  WITH places AS (
    SELECT "runId", "versionId", "nodeIndex", count(*) AS n FROM unnest(wave) WHERE "itemIndex" IS NOT NULL GROUP BY 1, 2, 3
  ), held AS (
    SELECT p."versionId", h.id FROM places p CROSS JOIN LATERAL (
      SELECT a.id FROM "AgentRun" a
      WHERE a."runId" = p."runId" AND a."nodeIndex" = p."nodeIndex" AND a."itemIndex" IS NOT NULL
        AND a.status = 'PENDING' AND a.pending = 1
      ORDER BY a."itemIndex" LIMIT p.n
    ) h
  ), changed AS (
    UPDATE "AgentRun" a SET pending = 0, "readyAt" = now(), "updatedAt" = now() FROM held WHERE a.id = held.id
    RETURNING a.*, held."versionId"
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup", status, attempt,
    "finally", "allowFailure", NULL, NULL, NULL)::engine_node) INTO released FROM changed;
  RETURN coalesce(released, '{}');
END
$$;

-- Step of settle: a forEach node settles with its last instance; its output is theirs, in order, null where one failed.
CREATE FUNCTION engine_close_maps(wave engine_node[]) RETURNS engine_node[] LANGUAGE plpgsql AS $$
DECLARE
  closed engine_node[];
BEGIN
  WITH parents AS (
    UPDATE "AgentRun" p SET "openItems" = p."openItems" - i.n
    FROM (SELECT "runId", "versionId", "nodeIndex", count(*) AS n FROM unnest(wave) WHERE "itemIndex" IS NOT NULL GROUP BY 1, 2, 3) i
    WHERE p."runId" = i."runId" AND p."nodeIndex" = i."nodeIndex" AND p."itemIndex" IS NULL AND p."finishedAt" IS NULL
    RETURNING p.id, p."openItems", i."versionId"
  )
  SELECT engine_finish_maps(array_agg(id), array_agg("versionId")) INTO closed FROM parents WHERE "openItems" = 0;
  RETURN coalesce(closed, '{}');
END
$$;

CREATE FUNCTION engine_finish_maps(ids uuid[], version_ids bigint[]) RETURNS engine_node[] LANGUAGE plpgsql AS $$
DECLARE
  closed engine_node[];
BEGIN
  WITH results AS (
    SELECT p.id, t."versionId",
      count(*) FILTER (WHERE i.status = 'FAILED') AS failed,
      count(*) FILTER (WHERE i.status = 'CANCELLED') AS cancelled,
      count(*) AS total,
      min(i."itemIndex") FILTER (WHERE i.status = 'FAILED') AS "firstFailed",
      coalesce(jsonb_agg(CASE WHEN i.status = 'SUCCESS' THEN i.output END ORDER BY i."itemIndex")
        FILTER (WHERE i.id IS NOT NULL), '[]') AS outputs
    FROM unnest(ids, version_ids) AS t(id, "versionId")
    JOIN "AgentRun" p ON p.id = t.id
    LEFT JOIN "AgentRun" i ON i."runId" = p."runId" AND i."nodeIndex" = p."nodeIndex" AND i."itemIndex" IS NOT NULL
    GROUP BY p.id, t."versionId"
  ), changed AS (
    UPDATE "AgentRun" p SET
      status = CASE WHEN r.failed > 0 THEN 'FAILED' WHEN r.cancelled > 0 THEN 'CANCELLED' ELSE 'SUCCESS' END,
      output = r.outputs,
      "errorCode" = CASE WHEN r.failed > 0 THEN 'ITEMS_FAILED' WHEN r.cancelled > 0 THEN 'CANCELLED' END,
      "errorMessage" = CASE
        WHEN r.failed > 0 THEN format('%s of %s items failed; the first is item %s', r.failed, r.total, r."firstFailed")
        WHEN r.cancelled > 0 THEN format('%s of %s items were cancelled', r.cancelled, r.total) END,
      "finishedAt" = now(), "updatedAt" = now(), "expiresAt" = NULL, "wakeAt" = NULL
    FROM results r WHERE p.id = r.id AND p."finishedAt" IS NULL
    RETURNING p.*, r."versionId"
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup", status, attempt,
    "finally", "allowFailure", "errorCode", "errorMessage", "waitingFor")::engine_node) INTO closed FROM changed;
  RETURN coalesce(closed, '{}');
END
$$;

-- Step of settle: counts the settled nodes off their dependents; returns the dependents that have none open left.
-- Those whose rule does not hold come back with status SKIPPED; engine_skip_by_rule makes it so.
CREATE FUNCTION engine_count_off(wave engine_node[]) RETURNS engine_node[] LANGUAGE plpgsql AS $$
DECLARE
  unblocked engine_node[];
BEGIN
  WITH counts AS (
    SELECT s."runId", s."versionId", e."to", count(*) AS n,
      count(*) FILTER (WHERE s.status = 'SUCCESS') AS ok,
      count(*) FILTER (WHERE s.status = 'FAILED') AS failed,
      count(*) FILTER (WHERE s.status = 'SKIPPED') AS skipped
    FROM unnest(wave) s JOIN "WorkflowEdge" e ON e."versionId" = s."versionId" AND e."from" = s."nodeIndex"
    WHERE s."itemIndex" IS NULL GROUP BY 1, 2, 3
  ), changed AS (
    UPDATE "AgentRun" d SET
      pending = d.pending - c.n,
      "succeededDependencies" = d."succeededDependencies" + c.ok,
      "failedDependencies" = d."failedDependencies" + c.failed,
      "skippedDependencies" = d."skippedDependencies" + c.skipped,
      "readyAt" = CASE WHEN d.pending = c.n THEN now() ELSE d."readyAt" END,
      "expiresAt" = CASE WHEN d.pending = c.n THEN now() + d."queueTimeoutSeconds" * interval '1 second' ELSE d."expiresAt" END
    FROM counts c
    WHERE d."runId" = c."runId" AND d."nodeIndex" = c."to" AND d."itemIndex" IS NULL AND d."finishedAt" IS NULL
    RETURNING d.*, c."versionId"
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup",
    CASE WHEN engine_rule_holds("runIf", "dependencyCount", "succeededDependencies", "failedDependencies", "skippedDependencies")
    THEN status ELSE 'SKIPPED' END, attempt, "finally", "allowFailure", NULL, NULL, NULL)::engine_node) INTO unblocked FROM changed WHERE pending = 0;
  RETURN coalesce(unblocked, '{}');
END
$$;

-- Step of settle: of the unblocked nodes, those whose rule does not hold are skipped here and now.
CREATE FUNCTION engine_skip_by_rule(unblocked engine_node[]) RETURNS engine_node[] LANGUAGE plpgsql AS $$
DECLARE
  skipped engine_node[];
BEGIN
  WITH changed AS (
    UPDATE "AgentRun" a SET status = 'SKIPPED', "errorCode" = 'SKIPPED_BY_RULE',
      "errorMessage" = format('runIf %s did not hold: %s', a."runIf", coalesce((
        SELECT string_agg(format('%s is %s', d."nodeId", d.status), ', ' ORDER BY d."nodeIndex")
        FROM "WorkflowEdge" e JOIN "AgentRun" d ON d."runId" = a."runId" AND d."nodeIndex" = e."from" AND d."itemIndex" IS NULL
        WHERE e."versionId" = u."versionId" AND e."to" = a."nodeIndex"
          AND (d.status <> 'SUCCESS' OR a."runIf" = 'one_failed')), 'no dependency matched')),
      "finishedAt" = now(), "updatedAt" = now()
    FROM unnest(unblocked) u
    WHERE u.status = 'SKIPPED' AND a.id = u."agentRunId" AND a."finishedAt" IS NULL
    RETURNING a.*, u."versionId"
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup", status, attempt,
    "finally", "allowFailure", "errorCode", "errorMessage", NULL)::engine_node) INTO skipped FROM changed;
  RETURN coalesce(skipped, '{}');
END
$$;

-- Step of settle: when all other nodes of a run are settled its finally nodes lose the dependency they have on them.
CREATE FUNCTION engine_release_finally(run_ids uuid[], settled engine_node[]) RETURNS engine_node[] LANGUAGE plpgsql AS $$
DECLARE
  unblocked engine_node[];
BEGIN
  WITH released AS (
    UPDATE "WorkflowRun" w SET "finallyReleased" = true
    WHERE w.id = ANY (run_ids) AND w."openFinally" > 0 AND NOT w."finallyReleased" AND w."finishedAt" IS NULL
      AND w."openNodes" = (SELECT count(*) FROM unnest(settled) s WHERE s."runId" = w.id AND s."itemIndex" IS NULL AND NOT s."isFinally")
    RETURNING w.id, w."versionId"
  ), changed AS (
    UPDATE "AgentRun" a SET pending = a.pending - 1, "readyAt" = CASE WHEN a.pending = 1 THEN now() END
    FROM released r WHERE a."runId" = r.id AND a."finally" AND a."itemIndex" IS NULL AND a."finishedAt" IS NULL
    RETURNING a.*, r."versionId"
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup",
    CASE WHEN engine_rule_holds("runIf", "dependencyCount", "succeededDependencies", "failedDependencies", "skippedDependencies")
    THEN status ELSE 'SKIPPED' END, attempt, "finally", "allowFailure", NULL, NULL, NULL)::engine_node) INTO unblocked FROM changed WHERE pending = 0;
  RETURN coalesce(unblocked, '{}');
END
$$;

-- The output of a run without output templates: {nodeId: output} of its sinks.
CREATE FUNCTION engine_sink_outputs(run_id uuid, version_id bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_object_agg(a."nodeId", CASE WHEN a.status = 'SUCCESS' THEN a.output END), '{}')
  FROM "WorkflowNode" n JOIN "AgentRun" a ON a."runId" = run_id AND a."nodeIndex" = n."nodeIndex" AND a."itemIndex" IS NULL
  WHERE n."versionId" = version_id AND n.sink
$$;

-- Ends runs whose nodes are all settled. The caller has computed engine_run rows and holds the locks.
CREATE FUNCTION engine_update_runs(runs engine_run[]) RETURNS void LANGUAGE sql AS $$
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

-- What follows from nodes having settled, in the transaction that settled them: dependents become ready or are skipped,
-- maps close, the run ends, the events are written. The caller holds the locks of the runs.
-- wave:  the nodes that settled; fused: they were claimed and settled in this same statement, so that each has both events.
-- turns: who goes on with what becomes ready in its job group.
-- result: {settled: [node], ready: [node], started: [node], ended: [run], finish: [runId], admitted: [runId]}
CREATE FUNCTION engine_conclude(run_ids uuid[], wave engine_node[], fused boolean, turns engine_turn[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  settled engine_node[] := '{}';
  unblocked engine_node[];
  ready engine_node[] := '{}';
  started engine_node[] := '{}';
  runs engine_run[];
  admitted uuid[] := '{}';
  has_finally boolean;
  has_waiting boolean;
  has_limit boolean;
  has_ended boolean;
  one record;
BEGIN
  IF cardinality(wave) = 0 THEN
    RETURN '{"settled": [], "ready": [], "started": [], "ended": [], "finish": [], "admitted": []}';
  END IF;
  -- Most runs have none of these, and each costs statements.
  SELECT bool_or("openFinally" > 0), bool_or("waitingApprovals" > 0 OR status = 'WAITING_APPROVAL'), bool_or("concurrencyKey" IS NOT NULL)
    INTO has_finally, has_waiting, has_limit FROM "WorkflowRun" WHERE id = ANY (run_ids);

  IF NOT fused AND EXISTS (SELECT FROM unnest(wave) WHERE "itemIndex" IS NOT NULL) THEN
    ready := engine_release_items(wave);
    wave := wave || engine_close_maps(wave);
  END IF;

  -- Dependents: those whose rule does not hold are skipped, which settles them, and so on.
  LOOP
    WHILE cardinality(wave) > 0 LOOP
      settled := settled || wave;
      unblocked := engine_count_off(wave);
      wave := '{}';
      IF EXISTS (SELECT FROM unnest(unblocked) WHERE status = 'SKIPPED') THEN
        wave := engine_skip_by_rule(unblocked);
        SELECT coalesce(array_agg(n), '{}') INTO unblocked FROM unnest(unblocked) n WHERE status <> 'SKIPPED';
      END IF;
      ready := ready || unblocked;
    END LOOP;
    EXIT WHEN NOT has_finally;
    unblocked := engine_release_finally(run_ids, settled);
    EXIT WHEN cardinality(unblocked) = 0;
    wave := engine_skip_by_rule(unblocked);
    SELECT ready || coalesce(array_agg(n), '{}') INTO ready FROM unnest(unblocked) n WHERE status <> 'SKIPPED';
    EXIT WHEN cardinality(wave) = 0;
  END LOOP;

  -- Run-ahead: the worker that settled goes on with the transforms of its group.
  IF cardinality(ready) > 0 AND cardinality(turns) > 0 THEN
    WITH changed AS (
      UPDATE "AgentRun" a SET status = 'RUNNING', attempt = a.attempt + 1, token = t.token, "workerId" = t."workerId",
        "startedAt" = now(), "firstStartedAt" = coalesce(a."firstStartedAt", now()), "updatedAt" = now()
      FROM unnest(turns) t JOIN unnest(ready) n ON n."runId" = t."runId" AND n."jobGroup" = t."jobGroup"
      WHERE a.id = n."agentRunId" AND n."itemIndex" IS NULL AND a.kind = 'transform' AND a.status = 'PENDING' AND a.token IS NULL
      RETURNING a.*, n."versionId"
    )
    SELECT coalesce(array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup", status, attempt,
      "finally", "allowFailure", NULL, NULL, NULL)::engine_node ORDER BY "nodeIndex"), '{}') INTO started FROM changed;
    SELECT coalesce(array_agg(n), '{}') INTO ready FROM unnest(ready) n
      WHERE NOT EXISTS (SELECT FROM unnest(started) s WHERE s."agentRunId" = n."agentRunId");
  END IF;

  -- What each run becomes.
  WITH counts AS (
    SELECT s."runId", count(*)::integer + count(*) FILTER (WHERE s."wasWaiting" = 'fused')::integer AS events,
      count(*) FILTER (WHERE s."itemIndex" IS NULL AND NOT s."isFinally")::integer AS main,
      count(*) FILTER (WHERE s."itemIndex" IS NULL AND s."isFinally")::integer AS fin,
      min(s.ordinality) FILTER (WHERE s.status = 'FAILED' AND NOT s."allowFailure" AND s."itemIndex" IS NULL) AS "firstFailed"
    FROM unnest(settled) WITH ORDINALITY AS s GROUP BY 1
  ), begun AS (
    SELECT "runId", count(*)::integer AS events FROM unnest(started) GROUP BY 1
  ), becoming AS (
    SELECT w.id, w.sequence, w."openNodes" - c.main AS "openNodes", w."openFinally" - c.fin AS "openFinally",
      w."openNodes" - c.main = 0 AND w."openFinally" - c.fin = 0 AS over,
      coalesce(w."errorCode", f."errorCode") AS "errorCode",
      CASE WHEN w."errorCode" IS NULL THEN f."errorMessage" ELSE w."errorMessage" END AS "errorMessage",
      CASE WHEN w."errorCode" IS NULL THEN f."nodeId" ELSE w."errorNodeId" END AS "errorNodeId",
      coalesce(w."endAs", CASE WHEN coalesce(w."errorCode", f."errorCode") IS NOT NULL THEN 'FAILED' ELSE 'SUCCESS' END) AS "endStatus",
      w."hasOutput" AND w."endAs" IS NULL AND coalesce(w."errorCode", f."errorCode") IS NULL AS "needsFinish",
      c.events + coalesce(b.events, 0) + CASE WHEN fused AND w.status = 'PENDING' THEN 1 ELSE 0 END AS events
    FROM "WorkflowRun" w JOIN counts c ON c."runId" = w.id LEFT JOIN begun b ON b."runId" = w.id
    LEFT JOIN LATERAL (SELECT (settled[c."firstFailed"]).*) f ON c."firstFailed" IS NOT NULL
  )
  SELECT array_agg(ROW(id, sequence, "openNodes", "openFinally", "errorCode", "errorMessage", "errorNodeId",
    CASE WHEN over AND NOT "needsFinish" THEN "endStatus" END, over AND "needsFinish",
    events + CASE WHEN over AND NOT "needsFinish" THEN 1 ELSE 0 END)::engine_run) INTO runs FROM becoming;

  INSERT INTO "Event" ("runId", sequence, type, data)
  SELECT e."runId", r.sequence + row_number() OVER (PARTITION BY e."runId" ORDER BY e.phase, e.n), e.type, e.data
  FROM (
    SELECT w.id AS "runId", 0 AS phase, 0::numeric AS n, 'run.started' AS type, '{"status": "RUNNING"}'::jsonb AS data
    FROM "WorkflowRun" w WHERE fused AND w.id = ANY (run_ids) AND w.status = 'PENDING'
      AND EXISTS (SELECT FROM unnest(settled) s WHERE s."runId" = w.id)
    UNION ALL
    SELECT s."runId", 1, s.ordinality - 0.5, 'node.started', jsonb_build_object('nodeId', s."nodeId", 'agentRunId', s."agentRunId",
      'status', 'RUNNING', 'attempt', s.attempt)
    FROM unnest(settled) WITH ORDINALITY AS s WHERE s."wasWaiting" = 'fused'
    UNION ALL
    SELECT s."runId", 1, s.ordinality,
      CASE s.status WHEN 'SUCCESS' THEN 'node.succeeded' WHEN 'FAILED' THEN 'node.failed' WHEN 'SKIPPED' THEN 'node.skipped'
        ELSE 'node.cancelled' END,
      jsonb_strip_nulls(jsonb_build_object('nodeId', s."nodeId", 'agentRunId', s."agentRunId", 'itemIndex', s."itemIndex",
        'status', s.status, 'attempt', s.attempt, 'error', CASE WHEN s."errorCode" IS NOT NULL
          THEN jsonb_build_object('code', s."errorCode", 'message', s."errorMessage") END))
    FROM unnest(settled) WITH ORDINALITY AS s
    UNION ALL
    SELECT s."runId", 2, s.ordinality, 'node.started', jsonb_build_object('nodeId', s."nodeId", 'agentRunId', s."agentRunId",
      'status', s.status, 'attempt', s.attempt)
    FROM unnest(started) WITH ORDINALITY AS s
    UNION ALL
    SELECT r.id, 3, 1, CASE r."endStatus" WHEN 'SUCCESS' THEN 'run.succeeded' WHEN 'FAILED' THEN 'run.failed' ELSE 'run.cancelled' END,
      jsonb_strip_nulls(jsonb_build_object('status', r."endStatus", 'error', CASE WHEN r."endStatus" <> 'SUCCESS' THEN
        jsonb_build_object('code', r."errorCode", 'message', r."errorMessage", 'nodeId', r."errorNodeId") END))
    FROM unnest(runs) r WHERE r."endStatus" IS NOT NULL
  ) e JOIN unnest(runs) r ON r.id = e."runId";

  PERFORM engine_update_runs(runs);
  has_ended := EXISTS (SELECT FROM unnest(runs) WHERE "endStatus" IS NOT NULL);

  -- People who were asked need not answer any more.
  IF has_waiting THEN
    UPDATE "Approval" p SET status = 'CANCELLED', "decidedAt" = now()
      FROM unnest(settled) s WHERE s."wasWaiting" = 'approval' AND p."agentRunId" = s."agentRunId" AND p.status = 'PENDING';
    UPDATE "WorkflowRun" w SET "waitingApprovals" = greatest(0, w."waitingApprovals" - s.n)
      FROM (SELECT "runId", count(*)::integer AS n FROM unnest(settled) WHERE "wasWaiting" = 'approval' GROUP BY 1) s
      WHERE w.id = s."runId";
    FOR one IN SELECT w.id FROM "WorkflowRun" w WHERE w.id = ANY (run_ids) AND w."finishedAt" IS NULL
        AND (w."waitingApprovals" > 0 OR w.status = 'WAITING_APPROVAL') ORDER BY 1 LOOP
      PERFORM engine_refresh_waiting(one.id);
    END LOOP;
  END IF;
  IF has_limit AND has_ended THEN
    FOR one IN SELECT DISTINCT w."concurrencyKey" AS key FROM "WorkflowRun" w JOIN unnest(runs) r ON r.id = w.id
        WHERE r."endStatus" IS NOT NULL AND w."concurrencyKey" IS NOT NULL ORDER BY 1 LOOP
      admitted := admitted || engine_admit(one.key);
    END LOOP;
  END IF;

  RETURN jsonb_build_object(
    'settled', (SELECT coalesce(jsonb_agg(jsonb_build_object('agentRunId', s."agentRunId", 'runId', s."runId", 'nodeId', s."nodeId",
        'nodeIndex', s."nodeIndex", 'itemIndex', s."itemIndex", 'status', s.status, 'attempt', s.attempt,
        'waited', s."wasWaiting" IS NOT NULL AND s."wasWaiting" <> 'fused', 'epoch', w.epoch, 'versionId', s."versionId")), '[]')
      FROM unnest(settled) s JOIN "WorkflowRun" w ON w.id = s."runId"
      -- of a fused group the first node tells enough
      WHERE s."wasWaiting" IS DISTINCT FROM 'fused' OR s."nodeIndex" = s."jobGroup"),
    'ready', CASE WHEN cardinality(ready) = 0 THEN '[]'::jsonb ELSE (
      SELECT jsonb_agg(jsonb_build_object('runId', n."runId", 'epoch', w.epoch, 'versionId', n."versionId", 'agentRunId', n."agentRunId",
        'nodeIndex', n."nodeIndex", 'nodeId', n."nodeId", 'itemIndex', n."itemIndex"))
      FROM unnest(ready) n JOIN "WorkflowRun" w ON w.id = n."runId") END,
    'started', (SELECT coalesce(jsonb_agg(jsonb_build_object('runId', "runId", 'agentRunId', "agentRunId", 'nodeIndex', "nodeIndex",
        'nodeId', "nodeId", 'attempt', attempt)), '[]') FROM unnest(started)),
    'ended', CASE WHEN NOT has_ended THEN '[]'::jsonb ELSE (
      SELECT jsonb_agg(jsonb_build_object('runId', w.id, 'workflowName', w."workflowName", 'status', w.status,
        'triggerType', w."triggerType", 'durationSeconds', extract(epoch FROM now() - w."createdAt"),
        'parentRunId', w."parentRunId", 'parentAgentRunId', w."parentAgentRunId"))
      FROM unnest(runs) r JOIN "WorkflowRun" w ON w.id = r.id WHERE r."endStatus" IS NOT NULL) END,
    'finish', (SELECT coalesce(jsonb_agg(id), '[]') FROM unnest(runs) WHERE "needsFinish"),
    'admitted', to_jsonb(admitted));
END
$$;

-- Settles nodes: the one way a node reaches a terminal status.
-- requests: [{runId, agentRunId, token, status, output?, errorCode?, errorMessage?, exitCode?, copiedFromRunId?, ahead?}]
--   token: the fencing token of the claim; null settles a node that nobody runs. Where it does not match, nothing changes.
--   ahead: claim under the same token what this makes ready in the same group (transforms: flows/fuse.ts).
-- result: engine_conclude's
CREATE FUNCTION engine_settle(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run_ids uuid[];
  wave engine_node[];
  turns engine_turn[];
BEGIN
  SELECT array_agg(DISTINCT r."runId") INTO run_ids FROM jsonb_to_recordset(requests) AS r("runId" uuid);
  PERFORM 1 FROM "WorkflowRun" WHERE id = ANY (run_ids) ORDER BY id FOR NO KEY UPDATE;

  -- The results, where the token still holds. In a run that is being cancelled a late success does not count (its finally
  -- nodes keep their own result).
  WITH changed AS (
    UPDATE "AgentRun" a SET
      status = CASE WHEN c.cancelling AND NOT a."finally" THEN 'CANCELLED' ELSE r.status END,
      output = CASE WHEN c.cancelling AND NOT a."finally" THEN NULL ELSE r.output END,
      "errorCode" = CASE WHEN c.cancelling AND NOT a."finally" THEN coalesce(w."errorCode", 'CANCELLED') ELSE r."errorCode" END,
      "errorMessage" = CASE WHEN c.cancelling AND NOT a."finally" THEN coalesce(w."errorMessage", 'The run was cancelled')
        ELSE r."errorMessage" END,
      "exitCode" = r."exitCode",
      "copiedFromRunId" = r."copiedFromRunId",
      "finishedAt" = now(), "updatedAt" = now(), "leaseUntil" = NULL, "wakeAt" = NULL, "expiresAt" = NULL
    FROM jsonb_to_recordset(requests) AS r("agentRunId" uuid, token uuid, status text, output jsonb, "errorCode" text,
        "errorMessage" text, "exitCode" integer, "copiedFromRunId" uuid),
      "WorkflowRun" w,
      LATERAL (SELECT w."cancelRequestedAt" IS NOT NULL AND r.status <> 'CANCELLED') AS c(cancelling)
    WHERE a.id = r."agentRunId" AND w.id = a."runId" AND w."finishedAt" IS NULL AND a."finishedAt" IS NULL
      AND a.token IS NOT DISTINCT FROM r.token
    RETURNING a.*, w."versionId"
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup", status, attempt,
    "finally", "allowFailure", "errorCode", "errorMessage", "waitingFor")::engine_node ORDER BY "nodeIndex", "itemIndex") INTO wave FROM changed;

  SELECT array_agg(DISTINCT ROW(s."runId", s."jobGroup", r.token, r."workerId")::engine_turn) INTO turns
  FROM jsonb_to_recordset(requests) AS r("agentRunId" uuid, token uuid, "workerId" text, ahead boolean)
  JOIN unnest(wave) s ON s."agentRunId" = r."agentRunId" JOIN "WorkflowRun" w ON w.id = s."runId"
  WHERE r.ahead AND r.token IS NOT NULL AND w."pausedAt" IS NULL AND w."cancelRequestedAt" IS NULL;

  RETURN engine_conclude(run_ids, coalesce(wave, '{}'), false, coalesce(turns, '{}'));
END
$$;

-- Claims and settles whole groups of transforms in one statement. A worker has evaluated them all, in order, each from the
-- results of those before; transforms have no side effects, so it needed no right to do that, only the right to write.
-- Every node gets its attempt, its times and both its events. All or nothing per request: where anything is not as the
-- worker assumed (a node settled or claimed, the run paused, cancelled, ended, in another epoch), nothing of it changes.
-- requests: [{runId, epoch, workerId, nodes: [{i, o, h}]}]  i: node index, o: output, h: its dependencies lie outside the group
-- result: engine_conclude's; a request that was refused has no node in "settled"
CREATE FUNCTION engine_run_groups(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
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

-- Claims nodes for a worker: open, ready, not held, in a run that may go on.
-- requests: [{key, runId, epoch, agentRunId? | nodes: [nodeIndex], token, workerId, leaseSeconds, needs: [nodeIndex], withRun}]
-- result:   one object per request, in order: {key, claimed: [node], run, nodes} or {key, reason, until?}, reason one of
--           gone stale settled paused waiting held blocked.
CREATE FUNCTION engine_claim(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run_ids uuid[];
  claimed engine_node[];
  keys integer[];
BEGIN
  SELECT array_agg(DISTINCT r."runId") INTO run_ids FROM jsonb_to_recordset(requests) AS r("runId" uuid);
  PERFORM 1 FROM "WorkflowRun" WHERE id = ANY (run_ids) ORDER BY id FOR NO KEY UPDATE;

  WITH asked AS (
    SELECT r.key, r."runId", r.epoch, r.token, r."workerId", r."leaseSeconds", a.id
    FROM jsonb_to_recordset(requests) AS r(key integer, "runId" uuid, epoch integer, "agentRunId" uuid, nodes integer[], token uuid,
      "workerId" text, "leaseSeconds" double precision)
    JOIN "AgentRun" a ON a."runId" = r."runId" AND a."nodeIndex" = ANY (r.nodes) AND a."itemIndex" IS NULL
    WHERE r."agentRunId" IS NULL
    UNION ALL
    SELECT r.key, r."runId", r.epoch, r.token, r."workerId", r."leaseSeconds", r."agentRunId"
    FROM jsonb_to_recordset(requests) AS r(key integer, "runId" uuid, epoch integer, "agentRunId" uuid, token uuid, "workerId" text,
      "leaseSeconds" double precision)
    WHERE r."agentRunId" IS NOT NULL
  ), changed AS (
    UPDATE "AgentRun" a SET status = 'RUNNING', attempt = a.attempt + 1, token = q.token, "workerId" = q."workerId",
      "startedAt" = now(), "firstStartedAt" = coalesce(a."firstStartedAt", now()), "heartbeatAt" = now(),
      "leaseUntil" = CASE WHEN a.kind <> 'transform' THEN now() + q."leaseSeconds" * interval '1 second' END,
      "waitingFor" = NULL, "wakeAt" = NULL, "errorCode" = NULL, "errorMessage" = NULL, "exitCode" = NULL, progress = NULL,
      "expiresAt" = CASE WHEN a."expiresAs" = 'QUEUE_TIMEOUT' THEN NULL ELSE a."expiresAt" END,
      "updatedAt" = now()
    FROM asked q JOIN "WorkflowRun" w ON w.id = q."runId"
    WHERE a.id = q.id AND a."runId" = q."runId"
      AND a.status = 'PENDING' AND a.pending = 0 AND a.token IS NULL AND (a."wakeAt" IS NULL OR a."wakeAt" <= now())
      AND w.epoch = q.epoch AND w."finishedAt" IS NULL AND w."pausedAt" IS NULL AND w."admittedAt" IS NOT NULL
      AND (w."cancelRequestedAt" IS NULL OR a."finally")
    RETURNING a.*, w."versionId", q.key AS "requestKey"
  )
  SELECT array_agg(ROW("runId", "versionId", id, "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup", status, attempt,
    "finally", "allowFailure", NULL, NULL, NULL)::engine_node ORDER BY "nodeIndex"), array_agg("requestKey" ORDER BY "nodeIndex")
    INTO claimed, keys FROM changed;

  IF claimed IS NOT NULL THEN
    INSERT INTO "Event" ("runId", sequence, type, data)
    SELECT e."runId", w.sequence + row_number() OVER (PARTITION BY e."runId" ORDER BY e.phase, e.n), e.type, e.data
    FROM (
      SELECT DISTINCT c."runId", 1 AS phase, 1::bigint AS n, CASE w.status WHEN 'PENDING' THEN 'run.started' ELSE 'run.resumed' END AS type,
        '{"status": "RUNNING"}'::jsonb AS data
      FROM unnest(claimed) c JOIN "WorkflowRun" w ON w.id = c."runId" WHERE w.status IN ('PENDING', 'WAITING_APPROVAL')
      UNION ALL
      SELECT c."runId", 2, c.ordinality, 'node.started', engine_node_event(ROW(c."runId", c."versionId", c."agentRunId",
        c."nodeIndex", c."nodeId", c."itemIndex", c.kind, c."jobGroup", c.status, c.attempt, c."isFinally", c."allowFailure",
        NULL, NULL, NULL)::engine_node)
      FROM unnest(claimed) WITH ORDINALITY AS c
    ) e JOIN "WorkflowRun" w ON w.id = e."runId";

    UPDATE "WorkflowRun" w SET
      sequence = w.sequence + c.n + CASE WHEN w.status IN ('PENDING', 'WAITING_APPROVAL') THEN 1 ELSE 0 END,
      status = 'RUNNING', "startedAt" = coalesce(w."startedAt", now()), "updatedAt" = now()
    FROM (SELECT "runId", count(*)::integer AS n FROM unnest(claimed) GROUP BY 1) c WHERE w.id = c."runId";
  END IF;

  RETURN (
    SELECT coalesce(jsonb_agg(CASE WHEN mine.nodes IS NOT NULL THEN
        jsonb_build_object('key', r.key, 'claimed', mine.nodes,
          'run', CASE WHEN r."withRun" THEN jsonb_build_object('input', w.input, 'trigger', w.trigger, 'labels', w.labels,
            'startedAt', w."startedAt", 'createdAt', w."createdAt") END,
          'nodes', coalesce(needed.nodes, '{}'))
      ELSE jsonb_build_object('key', r.key, 'reason', why.reason, 'until', why.until) END ORDER BY r.key), '[]')
    FROM jsonb_to_recordset(requests) AS r(key integer, "runId" uuid, epoch integer, "agentRunId" uuid, nodes integer[], needs integer[], "withRun" boolean)
    LEFT JOIN "WorkflowRun" w ON w.id = r."runId"
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('agentRunId', c."agentRunId", 'nodeIndex', c."nodeIndex", 'nodeId', c."nodeId",
        'itemIndex', c."itemIndex", 'attempt', c.attempt, 'lostAttempts', a."lostAttempts", 'item', a.item, 'approval', a.approval,
        'readyAt', a."readyAt", 'firstStartedAt', a."firstStartedAt") ORDER BY c."nodeIndex") AS nodes
      FROM unnest(claimed, keys) AS c("runId", "versionId", "agentRunId", "nodeIndex", "nodeId", "itemIndex", kind, "jobGroup",
        status, attempt, "isFinally", "allowFailure", "errorCode", "errorMessage", "wasWaiting", key)
      JOIN "AgentRun" a ON a.id = c."agentRunId"
      WHERE c.key = r.key
    ) mine ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_object_agg(a."nodeId", jsonb_build_object('status', a.status,
        'output', CASE WHEN a.status = 'SUCCESS' OR a."openItems" IS NOT NULL THEN a.output END, 'approval', a.approval -> 'answer')) AS nodes
      FROM "AgentRun" a WHERE mine.nodes IS NOT NULL AND a."runId" = r."runId" AND a."nodeIndex" = ANY (r.needs) AND a."itemIndex" IS NULL
    ) needed ON true
    LEFT JOIN LATERAL (
      SELECT CASE
          WHEN w.id IS NULL THEN 'gone'
          WHEN w."finishedAt" IS NOT NULL THEN 'settled'
          WHEN w.epoch <> r.epoch THEN 'stale'
          WHEN s.open = 0 THEN 'settled'
          WHEN w."pausedAt" IS NOT NULL OR w."admittedAt" IS NULL THEN 'paused'
          WHEN s.held > 0 OR w."cancelRequestedAt" IS NOT NULL THEN 'held'
          WHEN s.waiting > 0 THEN 'waiting'
          ELSE 'blocked' END AS reason,
        s.until
      FROM (
        SELECT count(*) FILTER (WHERE a."finishedAt" IS NULL) AS open,
          count(*) FILTER (WHERE a.status = 'RUNNING' AND a.token IS NOT NULL) AS held,
          count(*) FILTER (WHERE a."finishedAt" IS NULL AND (a."waitingFor" IS NOT NULL OR a."wakeAt" > now())) AS waiting,
          min(coalesce(a."wakeAt", a."leaseUntil")) FILTER (WHERE a."finishedAt" IS NULL) AS until
        FROM "AgentRun" a
        WHERE (r."agentRunId" IS NOT NULL AND a.id = r."agentRunId")
          OR (r."agentRunId" IS NULL AND a."runId" = r."runId" AND a."nodeIndex" = ANY (r.nodes) AND a."itemIndex" IS NULL)
      ) s
    ) why ON mine.nodes IS NULL
  );
END
$$;

-- Down Migration

DROP FUNCTION engine_claim, engine_run_groups, engine_settle, engine_conclude, engine_update_runs, engine_sink_outputs, engine_release_finally, engine_skip_by_rule,
  engine_count_off, engine_finish_maps, engine_close_maps, engine_release_items, engine_admit, engine_refresh_waiting, engine_emit,
  engine_node_event, engine_rule_holds;
DROP TYPE engine_run, engine_turn, engine_node;
