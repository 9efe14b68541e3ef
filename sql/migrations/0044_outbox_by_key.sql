-- Purpose: what is looked at again and again is read by its index, whatever the planner knows of the tables:
--          * the outbox: plans that were made on an empty table read it from end to end until its next ANALYZE (20 ms a look after a
--            thousand runs, growing), and a bitmap of the index of unpublished events takes in those that have long been published.
--          * what is under way (the look of resting workers): a table whose statistics were taken in a rush seems to have many open
--            runs, and is read in search of the first.
--          * sub-workflows that have ended unnoticed: among the open nodes, not among all that ever started one.
-- Locks:   SHARE on "AgentRun" while the index is built: seconds per million nodes, in which runs wait.
-- Back:    drops the functions and the index.

-- Up Migration

-- Unpublished events of runs behind this one, in the order of runs and of sequence.
CREATE FUNCTION outbox_next(after uuid, most integer)
  RETURNS TABLE ("runId" uuid, sequence integer, type text, data jsonb, "createdAt" timestamptz, "workflowName" text, "workflowId" uuid)
  LANGUAGE plpgsql STABLE ROWS 1000
  SET plan_cache_mode = force_generic_plan SET jit = off
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  RETURN QUERY
    SELECT e."runId", e.sequence, e.type, e.data, e."createdAt", w."workflowName", w."workflowId"
    FROM "Event" e JOIN "WorkflowRun" w ON w.id = e."runId"
    WHERE e."publishedAt" IS NULL AND e."runId" > after
    ORDER BY e."runId", e.sequence LIMIT most;
END
$$;

-- Marks the events [{runId, sequence}] as published where the stream is the one that got them. @returns how many were marked
CREATE FUNCTION outbox_mark(of_stream text, made_at text, keys jsonb) RETURNS integer LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan SET jit = off
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  marked integer;
BEGIN
  PERFORM 1 FROM "EventMirror" m WHERE m.stream = of_stream AND m."streamCreatedAt" = made_at FOR SHARE;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  UPDATE "Event" e SET "publishedAt" = now()
    FROM jsonb_to_recordset(keys) AS p("runId" uuid, sequence integer)
    WHERE e."runId" = p."runId" AND e.sequence = p.sequence;
  GET DIAGNOSTICS marked = ROW_COUNT;
  RETURN marked;
END
$$;

-- What has nothing to do: no run is open, has just ended or was ended by hand, no alerts are being gathered, no target is locked, no
-- alert is silenced; and no event is unpublished.
CREATE FUNCTION stillness(settled_seconds integer) RETURNS TABLE (runs boolean, outbox boolean) LANGUAGE plpgsql STABLE
  SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
BEGIN
  RETURN QUERY SELECT NOT (
    EXISTS (SELECT FROM "WorkflowRun" WHERE "finishedAt" IS NULL)
    OR EXISTS (SELECT FROM "WorkflowRun" WHERE "finishedAt" > now() - settled_seconds * interval '1 second')
    OR EXISTS (SELECT FROM "WorkflowRun" WHERE "cleanupNeeded")
    OR EXISTS (SELECT FROM "AlertGroup" WHERE "closedAt" IS NULL)
    OR EXISTS (SELECT FROM "TargetLock")
    OR EXISTS (SELECT FROM "TargetLockWait")
    OR EXISTS (SELECT FROM "RunSilence" WHERE "removedAt" IS NULL)
  ), NOT EXISTS (SELECT FROM "Event" WHERE "publishedAt" IS NULL);
END
$$;

CREATE INDEX "AgentRun_openChild_idx" ON "AgentRun" ("childRunId") WHERE "childRunId" IS NOT NULL AND "finishedAt" IS NULL;

-- Down Migration

DROP INDEX "AgentRun_openChild_idx";
DROP FUNCTION stillness;
DROP FUNCTION outbox_mark;
DROP FUNCTION outbox_next;
