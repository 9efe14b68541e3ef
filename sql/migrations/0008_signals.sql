-- Purpose: a signal is stored, given to the node that waits for it and settles that node in one transaction, so that nothing between
--          them can lose it; one that comes again (the same message) counts once. `engine_park` becomes a shell around the former
--          function, which goes on as `engine_park_node`.
-- Locks:   a short exclusive lock on "Signal" for the new column, which has no default.
-- Back:    the former function has its old name again; what is known of messages is lost.

-- Up Migration

ALTER TABLE "Signal" ADD COLUMN "messageId" text; -- of the message that brought it; null where nothing could come twice
CREATE UNIQUE INDEX "Signal_messageId_idx" ON "Signal" ("runId", "messageId") WHERE "messageId" IS NOT NULL;

ALTER FUNCTION engine_park(jsonb) RENAME TO engine_park_node;

-- Puts a ready node to wait. Where the signal that it waits for has come before, it is settled with it at once; an approval
-- notes which workflow tells people of it.
-- request: engine_park_node's, and announce?
-- result:  engine_park_node's, and settled?: engine_settle's answer
CREATE FUNCTION engine_park(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  parked jsonb := engine_park_node(request);
BEGIN
  IF request ->> 'announce' IS NOT NULL THEN
    UPDATE "Approval" SET announce = request ->> 'announce' WHERE id = (parked ->> 'approvalId')::uuid;
  END IF;
  IF jsonb_typeof(parked -> 'signal') = 'object' THEN
    parked := parked || jsonb_build_object('settled', engine_settle(jsonb_build_array(jsonb_build_object(
      'runId', request ->> 'runId', 'agentRunId', request ->> 'agentRunId', 'token', NULL, 'status', 'SUCCESS',
      'output', parked -> 'signal' -> 'payload'))));
  END IF;
  RETURN parked;
END
$$;

-- Sends a signal to a run: to the first node that waits for it, else it is kept for the first one that will.
-- request: {runId, name, payload, by, messageId?}
-- result:  {found, accepted, status, duplicate, settled?}; accepted is false where the run has ended
CREATE FUNCTION engine_signal(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run "WorkflowRun";
  signal_id bigint;
  node_id uuid;
BEGIN
  SELECT * INTO run FROM "WorkflowRun" WHERE id = (request ->> 'runId')::uuid FOR NO KEY UPDATE;
  IF run.id IS NULL OR run."finishedAt" IS NOT NULL THEN
    RETURN jsonb_build_object('found', run.id IS NOT NULL, 'accepted', false, 'status', run.status);
  END IF;
  INSERT INTO "Signal" ("runId", name, payload, "sentBy", "messageId")
  VALUES (run.id, request ->> 'name', request -> 'payload', request ->> 'by', request ->> 'messageId')
  ON CONFLICT ("runId", "messageId") WHERE "messageId" IS NOT NULL DO NOTHING RETURNING id INTO signal_id;
  IF signal_id IS NULL THEN
    RETURN jsonb_build_object('found', true, 'accepted', true, 'status', run.status, 'duplicate', true);
  END IF;
  SELECT id INTO node_id FROM "AgentRun" WHERE "runId" = run.id AND status = 'RUNNING' AND "waitingFor" = 'signal'
    AND "waitingName" = request ->> 'name' ORDER BY "nodeIndex", "itemIndex" LIMIT 1;
  IF node_id IS NULL THEN
    RETURN jsonb_build_object('found', true, 'accepted', true, 'status', run.status, 'duplicate', false);
  END IF;
  UPDATE "Signal" SET "consumedBy" = node_id WHERE id = signal_id;
  RETURN jsonb_build_object('found', true, 'accepted', true, 'status', run.status, 'duplicate', false,
    'settled', engine_settle(jsonb_build_array(jsonb_build_object('runId', run.id, 'agentRunId', node_id, 'token', NULL,
      'status', 'SUCCESS', 'output', request -> 'payload'))));
END
$$;

-- Down Migration

DROP FUNCTION engine_signal, engine_park;
ALTER FUNCTION engine_park_node(jsonb) RENAME TO engine_park;
DROP INDEX "Signal_messageId_idx";
ALTER TABLE "Signal" DROP COLUMN "messageId";
