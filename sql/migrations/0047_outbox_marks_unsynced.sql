-- Purpose: marking events as published does not wait for the disk. Of three commits of a short run one was this, and the other two waited
--          for it. When Postgres itself crashes, the marks of its last moments (three times wal_writer_delay: 0.6 s) are gone, and those
--          events are sent once more under the same ids, as after a publisher's death between sending and marking.
-- Locks:   none beyond the replaced function.
-- Back:    the function of 0044 again.

-- Up Migration

-- Marks the events [{runId, sequence}] as published where the stream is the one that got them. A transaction of its own: nothing else
-- in it would be durable. @returns how many were marked
CREATE OR REPLACE FUNCTION outbox_mark(of_stream text, made_at text, keys jsonb) RETURNS integer LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan SET jit = off
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  marked integer;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
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

-- Down Migration

CREATE OR REPLACE FUNCTION outbox_mark(of_stream text, made_at text, keys jsonb) RETURNS integer LANGUAGE plpgsql
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
