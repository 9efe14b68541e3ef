-- Purpose: the transitions of the engine that are not on the path of every node: starting runs, retries, waiting, approvals,
--          cancelling, pausing, and the guard that makes an operator's UPDATE by hand a proper end of a run.
-- Locks:   as in 0002: run rows first, in id order.
-- Back:    drops the functions and triggers; the tables of 0001 are untouched.

-- Up Migration

-- Starts runs: the run, one row per node, its first event; with an idempotency key at most once per key.
-- requests: [{id, workflowId, workflowName, workflowVersion, versionId, projectId, triggerType, trigger, input, labels,
--   deadlineSeconds?, hasOutput, retryOf?, parentRunId?, parentAgentRunId?, depth, traceparent?, concurrencyKey?,
--   concurrencyLimit?, idempotencyScope?, idempotencyKey?, requestHash?, keyTtlSeconds?}]
-- result: one per request, in order: {id, created, requestHash, admitted}; where created is false, id is the run that the key
--   already started and requestHash what it was started with.
CREATE FUNCTION engine_create_runs(requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  fresh uuid[];   -- runs whose key was not used before
  created uuid[];
  one record;
BEGIN
  DELETE FROM "IdempotencyKey" k USING jsonb_to_recordset(requests) AS r("idempotencyScope" text, "idempotencyKey" text, "keyTtlSeconds" integer)
    WHERE k.scope = r."idempotencyScope" AND k.key = r."idempotencyKey"
      AND k."createdAt" < now() - coalesce(r."keyTtlSeconds", 86400) * interval '1 second';
  WITH inserted AS (
    INSERT INTO "IdempotencyKey" (scope, key, "requestHash", "runId")
    SELECT r."idempotencyScope", r."idempotencyKey", r."requestHash", r.id
    FROM jsonb_to_recordset(requests) AS r(id uuid, "idempotencyScope" text, "idempotencyKey" text, "requestHash" text)
    WHERE r."idempotencyKey" IS NOT NULL ORDER BY 1, 2
    ON CONFLICT (scope, key) DO NOTHING RETURNING "runId"
  )
  SELECT coalesce(array_agg("runId"), '{}') INTO fresh FROM inserted;

  WITH inserted AS (
  INSERT INTO "WorkflowRun" (id, "workflowId", "workflowName", "workflowVersion", "versionId", "projectId", "triggerType", trigger,
    input, labels, "openNodes", "openFinally", "finallyReleased", sequence, "hasOutput", "concurrencyKey", "concurrencyLimit", "admittedAt", "deadlineAt",
    "retryOf", "parentRunId", "parentAgentRunId", depth, traceparent)
  SELECT r.id, r."workflowId", r."workflowName", r."workflowVersion", r."versionId", r."projectId", r."triggerType", r.trigger,
    r.input, r.labels, n.main, n.fin, n.main = 0, 1, r."hasOutput", r."concurrencyKey", r."concurrencyLimit",
    CASE WHEN r."concurrencyKey" IS NULL THEN now() END, now() + r."deadlineSeconds" * interval '1 second',
    r."retryOf", r."parentRunId", r."parentAgentRunId", coalesce(r.depth, 0), r.traceparent
  FROM jsonb_to_recordset(requests) AS r(id uuid, "workflowId" uuid, "workflowName" text, "workflowVersion" integer, "versionId" bigint,
      "projectId" text, "triggerType" text, trigger jsonb, input jsonb, labels jsonb, "deadlineSeconds" double precision, "hasOutput" boolean,
      "retryOf" uuid, "parentRunId" uuid, "parentAgentRunId" uuid, depth integer, traceparent text, "concurrencyKey" text,
      "concurrencyLimit" integer, "idempotencyScope" text, "idempotencyKey" text)
    CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE NOT "finally")::integer AS main, count(*) FILTER (WHERE "finally")::integer AS fin
      FROM "WorkflowNode" WHERE "versionId" = r."versionId") n
  WHERE r."idempotencyKey" IS NULL OR r.id = ANY (fresh)
  RETURNING id
  )
  SELECT coalesce(array_agg(id), '{}') INTO created FROM inserted;

  -- A finally node counts "all the others" as one more dependency, unless it is alone.
  INSERT INTO "AgentRun" ("runId", "nodeIndex", "nodeId", kind, "agentName", "jobGroup", "runIf", "allowFailure", "finally",
    pending, "dependencyCount", "readyAt", "queueTimeoutSeconds", "expiresAt", "expiresAs")
  SELECT w.id, n."nodeIndex", n."nodeId", n.kind, n."agentName", n."jobGroup", n."runIf", n."allowFailure", n."finally",
    n."dependencyCount" + o.others, n."dependencyCount",
    CASE WHEN n."dependencyCount" + o.others = 0 THEN now() END,
    n."queueTimeoutSeconds",
    CASE WHEN n."dependencyCount" + o.others = 0 THEN now() + n."queueTimeoutSeconds" * interval '1 second' END,
    CASE WHEN n."queueTimeoutSeconds" IS NOT NULL THEN 'QUEUE_TIMEOUT' END
  FROM "WorkflowRun" w
  JOIN "WorkflowNode" n ON n."versionId" = w."versionId"
  CROSS JOIN LATERAL (SELECT CASE WHEN n."finally" AND w."openNodes" > 0 THEN 1 ELSE 0 END AS others) o
  WHERE w.id = ANY (created)
  ORDER BY w.id, n."nodeIndex";

  INSERT INTO "Event" ("runId", sequence, type, data)
  SELECT w.id, 1, 'run.created', jsonb_strip_nulls(jsonb_build_object('status', 'PENDING', 'workflowVersion', w."workflowVersion",
    'trigger', w."triggerType", 'retryOf', w."retryOf", 'parentRunId', w."parentRunId"))
  FROM "WorkflowRun" w WHERE w.id = ANY (created);

  FOR one IN SELECT DISTINCT r."concurrencyKey" AS key FROM jsonb_to_recordset(requests) AS r("concurrencyKey" text)
      WHERE r."concurrencyKey" IS NOT NULL ORDER BY 1 LOOP
    PERFORM engine_admit(one.key);
  END LOOP;

  RETURN (
    SELECT jsonb_agg(jsonb_build_object('id', coalesce(w.id, k."runId"), 'created', w.id IS NOT NULL, 'requestHash', k."requestHash",
      'admitted', w."admittedAt" IS NOT NULL) ORDER BY r.ordinality)
    FROM ROWS FROM (jsonb_to_recordset(requests) AS (id uuid, "idempotencyScope" text, "idempotencyKey" text)) WITH ORDINALITY AS r(id, scope, key, ordinality)
    LEFT JOIN "WorkflowRun" w ON w.id = r.id AND w.id = ANY (created)
    LEFT JOIN "IdempotencyKey" k ON k.scope = r.scope AND k.key = r.key
  );
END
$$;

-- Gives a claimed node back: to run again after a delay, because its attempt failed, its worker stopped or its lease ran out.
-- request: {runId, agentRunId, token, delaySeconds, lost, errorCode, errorMessage, exitCode?}
--   lost: the infrastructure's failure; counted apart from the agent's own.
-- result: {released, epoch, nodeId, attempt} or, when the run is being cancelled, {released: false, settled: engine_settle's answer}.
CREATE FUNCTION engine_release(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run_id uuid := request ->> 'runId';
  run "WorkflowRun";
  node "AgentRun";
  delay interval := (request ->> 'delaySeconds')::double precision * interval '1 second';
BEGIN
  SELECT * INTO run FROM "WorkflowRun" WHERE id = run_id FOR NO KEY UPDATE;
  SELECT * INTO node FROM "AgentRun" WHERE id = (request ->> 'agentRunId')::uuid AND token = (request ->> 'token')::uuid
    AND "finishedAt" IS NULL FOR UPDATE;
  IF node.id IS NULL OR run."finishedAt" IS NOT NULL THEN
    RETURN jsonb_build_object('released', false);
  END IF;
  IF run."cancelRequestedAt" IS NOT NULL AND NOT node."finally" THEN
    RETURN jsonb_build_object('released', false, 'settled', engine_settle(jsonb_build_array(jsonb_build_object('runId', run_id,
      'agentRunId', node.id, 'token', node.token, 'status', 'CANCELLED', 'errorCode', coalesce(run."errorCode", 'CANCELLED'),
      'errorMessage', coalesce(run."errorMessage", 'The run was cancelled')))));
  END IF;
  INSERT INTO "AgentAttempt" ("agentRunId", attempt, status, "errorCode", "errorMessage", "exitCode", "workerId", "startedAt", "retryAt")
  VALUES (node.id, node.attempt, 'FAILED', request ->> 'errorCode', request ->> 'errorMessage', (request ->> 'exitCode')::integer,
    node."workerId", node."startedAt", now() + delay)
  ON CONFLICT ("agentRunId", attempt) DO NOTHING;
  UPDATE "AgentRun" SET status = 'PENDING', token = NULL, "workerId" = NULL, "leaseUntil" = NULL, "heartbeatAt" = NULL,
    "waitingFor" = 'retry', "wakeAt" = now() + delay, "readyAt" = now() + delay,
    "lostAttempts" = "lostAttempts" + CASE WHEN (request ->> 'lost')::boolean THEN 1 ELSE 0 END,
    "errorCode" = request ->> 'errorCode', "errorMessage" = request ->> 'errorMessage', progress = NULL, "updatedAt" = now()
  WHERE id = node.id RETURNING * INTO node;
  PERFORM engine_emit(run_id, 'node.retrying', jsonb_strip_nulls(jsonb_build_object('nodeId', node."nodeId", 'agentRunId', node.id,
    'itemIndex', node."itemIndex", 'status', 'PENDING', 'attempt', node.attempt, 'retryAt', node."wakeAt",
    'error', jsonb_build_object('code', node."errorCode", 'message', node."errorMessage"))));
  PERFORM engine_refresh_waiting(run_id);
  RETURN jsonb_build_object('released', true, 'epoch', run.epoch, 'nodeId', node."nodeId", 'attempt', node.attempt);
END
$$;

-- Puts a ready node to wait without a worker: for a person, a time, a signal, a sub-workflow, its forEach instances.
-- request: {runId, agentRunId, waitingFor, waitingName?, wakeSeconds? | wakeAt?, expiresSeconds?, expiresAs?, input?,
--   approval?: {message, roles, schema, onTimeout}, items?: [value], maxParallel?, childRunId?}
-- result: {parked, approvalId?, signal?, items?: [node]}; parked is false where the node is no longer ready.
CREATE FUNCTION engine_park(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run_id uuid := request ->> 'runId';
  waiting_for text := request ->> 'waitingFor';
  run "WorkflowRun";
  node "AgentRun";
  approval_id uuid;
  expires timestamptz := now() + (request ->> 'expiresSeconds')::double precision * interval '1 second';
  wake timestamptz := coalesce((request ->> 'wakeAt')::timestamptz, now() + (request ->> 'wakeSeconds')::double precision * interval '1 second');
  signal_payload jsonb;
  items jsonb;
BEGIN
  SELECT * INTO run FROM "WorkflowRun" WHERE id = run_id FOR NO KEY UPDATE;
  SELECT * INTO node FROM "AgentRun" WHERE id = (request ->> 'agentRunId')::uuid AND status = 'PENDING' AND pending = 0
    AND token IS NULL AND ("wakeAt" IS NULL OR "wakeAt" <= now()) FOR UPDATE;
  IF node.id IS NULL OR run."finishedAt" IS NOT NULL OR run."pausedAt" IS NOT NULL OR run."admittedAt" IS NULL
      OR (run."cancelRequestedAt" IS NOT NULL AND NOT node."finally") THEN
    RETURN jsonb_build_object('parked', false);
  END IF;

  IF run.status IN ('PENDING', 'WAITING_APPROVAL') THEN
    UPDATE "WorkflowRun" SET status = 'RUNNING', "startedAt" = coalesce("startedAt", now()) WHERE id = run_id;
    PERFORM engine_emit(run_id, CASE run.status WHEN 'PENDING' THEN 'run.started' ELSE 'run.resumed' END, '{"status": "RUNNING"}');
  END IF;
  UPDATE "AgentRun" SET
    status = CASE waiting_for WHEN 'approval' THEN 'WAITING_APPROVAL' ELSE 'RUNNING' END,
    "waitingFor" = waiting_for, "waitingName" = request ->> 'waitingName', "wakeAt" = wake,
    attempt = CASE waiting_for WHEN 'approval' THEN attempt ELSE greatest(attempt, 1) END,
    "startedAt" = coalesce("startedAt", now()), "firstStartedAt" = coalesce("firstStartedAt", now()),
    input = coalesce(request -> 'input', input), "childRunId" = (request ->> 'childRunId')::uuid,
    "openItems" = jsonb_array_length(request -> 'items'),
    "expiresAt" = expires, "expiresAs" = request ->> 'expiresAs', "updatedAt" = now()
  WHERE id = node.id RETURNING * INTO node;

  IF waiting_for = 'approval' THEN
    INSERT INTO "Approval" ("runId", "agentRunId", "nodeId", message, input, roles, "answerSchema", "onTimeout", "expiresAt")
    VALUES (run_id, node.id, node."nodeId", request -> 'approval' ->> 'message', request -> 'input',
      ARRAY(SELECT jsonb_array_elements_text(coalesce(request -> 'approval' -> 'roles', '[]'))), request -> 'approval' -> 'schema',
      coalesce(request -> 'approval' ->> 'onTimeout', 'reject'), expires)
    RETURNING id INTO approval_id;
    UPDATE "WorkflowRun" SET "waitingApprovals" = "waitingApprovals" + 1 WHERE id = run_id;
    PERFORM engine_emit(run_id, 'approval.requested', jsonb_strip_nulls(jsonb_build_object('nodeId', node."nodeId", 'agentRunId', node.id,
      'status', node.status, 'approvalId', approval_id, 'expiresAt', expires)));
  ELSE
    PERFORM engine_emit(run_id, 'node.started', jsonb_strip_nulls(jsonb_build_object('nodeId', node."nodeId", 'agentRunId', node.id,
      'itemIndex', node."itemIndex", 'status', node.status, 'attempt', node.attempt, 'waitingFor', waiting_for, 'childRunId', node."childRunId")));
  END IF;

  IF waiting_for = 'signal' THEN
    UPDATE "Signal" SET "consumedBy" = node.id WHERE id = (
      SELECT id FROM "Signal" WHERE "runId" = run_id AND name = node."waitingName" AND "consumedBy" IS NULL ORDER BY id LIMIT 1)
    RETURNING jsonb_build_object('payload', payload) INTO signal_payload;
  END IF;

  IF waiting_for = 'items' THEN
    WITH created AS (
      INSERT INTO "AgentRun" ("runId", "nodeIndex", "itemIndex", "nodeId", kind, "agentName", "jobGroup", "allowFailure", "finally",
        pending, "dependencyCount", "readyAt", item, approval)
      SELECT run_id, node."nodeIndex", i.ordinality - 1, node."nodeId", node.kind, node."agentName", node."jobGroup", true, node."finally",
        CASE WHEN i.ordinality > coalesce((request ->> 'maxParallel')::integer, 2147483647) THEN 1 ELSE 0 END, 0,
        CASE WHEN i.ordinality <= coalesce((request ->> 'maxParallel')::integer, 2147483647) THEN now() END, i.value, node.approval
      FROM jsonb_array_elements(request -> 'items') WITH ORDINALITY AS i
      RETURNING id, "itemIndex", pending
    )
    SELECT jsonb_agg(jsonb_build_object('agentRunId', id, 'itemIndex', "itemIndex") ORDER BY "itemIndex") FILTER (WHERE pending = 0)
      INTO items FROM created;
  END IF;
  PERFORM engine_refresh_waiting(run_id);
  RETURN jsonb_build_object('parked', true, 'approvalId', approval_id, 'signal', signal_payload, 'items', coalesce(items, '[]'),
    'epoch', run.epoch, 'agentRunId', node.id);
END
$$;

-- A person's (or a deadline's) decision on an approval.
-- request: {approvalId, decision: APPROVED|REJECTED, respondedBy, notes?, answer?, expired?}
-- result: {found, decided, status, runId, agentRunId, nodeId, epoch, settled: engine_settle's answer where rejected}
CREATE FUNCTION engine_decide(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  approval "Approval";
  decision text := request ->> 'decision';
  run "WorkflowRun";
  node "AgentRun";
  given jsonb;
  settled jsonb;
BEGIN
  SELECT * INTO approval FROM "Approval" WHERE id = (request ->> 'approvalId')::uuid;
  IF approval.id IS NULL THEN
    RETURN jsonb_build_object('found', false);
  END IF;
  SELECT * INTO run FROM "WorkflowRun" WHERE id = approval."runId" FOR NO KEY UPDATE;
  given := jsonb_strip_nulls(jsonb_build_object('decision', decision, 'respondedBy', request ->> 'respondedBy', 'notes', request ->> 'notes',
    'decidedAt', now())) || jsonb_build_object('answer', request -> 'answer');
  UPDATE "Approval" SET status = CASE WHEN (request ->> 'expired')::boolean AND decision = 'REJECTED' THEN 'EXPIRED' ELSE decision END,
    "respondedBy" = request ->> 'respondedBy', notes = request ->> 'notes', answer = request -> 'answer', "decidedAt" = now()
  WHERE id = approval.id AND status = 'PENDING' RETURNING * INTO approval;
  IF NOT FOUND OR run."finishedAt" IS NOT NULL THEN
    SELECT * INTO approval FROM "Approval" WHERE id = (request ->> 'approvalId')::uuid;
    RETURN jsonb_build_object('found', true, 'decided', false, 'status', approval.status, 'runId', approval."runId");
  END IF;
  UPDATE "AgentRun" SET approval = given, status = CASE decision WHEN 'APPROVED' THEN 'PENDING' ELSE status END,
    "waitingFor" = CASE decision WHEN 'APPROVED' THEN NULL ELSE "waitingFor" END, "wakeAt" = NULL, "expiresAt" = NULL, "expiresAs" = NULL,
    "readyAt" = now(), "updatedAt" = now()
  WHERE id = approval."agentRunId" RETURNING * INTO node;
  PERFORM engine_emit(run.id, 'approval.decided', jsonb_strip_nulls(jsonb_build_object('nodeId', node."nodeId", 'agentRunId', node.id,
    'status', node.status, 'approvalId', approval.id, 'decision', approval.status, 'respondedBy', request ->> 'respondedBy')));
  IF decision = 'APPROVED' THEN
    UPDATE "WorkflowRun" SET "waitingApprovals" = greatest(0, "waitingApprovals" - 1) WHERE id = run.id;
    PERFORM engine_refresh_waiting(run.id);
  ELSE
    settled := engine_settle(jsonb_build_array(jsonb_build_object('runId', run.id, 'agentRunId', node.id, 'token', node.token, 'status', 'FAILED',
      'errorCode', CASE WHEN (request ->> 'expired')::boolean THEN 'APPROVAL_TIMEOUT' ELSE 'REJECTED' END,
      'errorMessage', CASE WHEN (request ->> 'expired')::boolean THEN format('Nobody decided on node %s in time', node."nodeId")
        ELSE format('Node %s was rejected by %s%s', node."nodeId", coalesce(request ->> 'respondedBy', 'an approver'),
          coalesce(': ' || (request ->> 'notes'), '')) END)));
  END IF;
  RETURN jsonb_build_object('found', true, 'decided', true, 'status', approval.status, 'runId', run.id, 'agentRunId', node.id,
    'nodeId', node."nodeId", 'nodeIndex', node."nodeIndex", 'itemIndex', node."itemIndex", 'epoch', run.epoch, 'settled', settled);
END
$$;

-- Asks a run to end: what nobody runs is cancelled now, what runs is cancelled when its worker has stopped it.
-- request: {runId, by, endAs: CANCELLED|FAILED, errorCode, errorMessage}
-- result: {found, accepted, status, running: [{agentRunId, nodeId, workerId}], children: [runId], settled}
CREATE FUNCTION engine_cancel(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run "WorkflowRun";
  open_nodes jsonb;
  settled jsonb;
BEGIN
  SELECT * INTO run FROM "WorkflowRun" WHERE id = (request ->> 'runId')::uuid FOR NO KEY UPDATE;
  IF run.id IS NULL THEN
    RETURN jsonb_build_object('found', false);
  ELSIF run."finishedAt" IS NOT NULL THEN
    RETURN jsonb_build_object('found', true, 'accepted', false, 'status', run.status);
  END IF;
  IF run."cancelRequestedAt" IS NULL THEN
    UPDATE "WorkflowRun" SET "cancelRequestedAt" = now(), "cancelRequestedBy" = request ->> 'by', "endAs" = request ->> 'endAs',
      "errorCode" = request ->> 'errorCode', "errorMessage" = request ->> 'errorMessage',
      "admittedAt" = coalesce("admittedAt", now()), "pausedAt" = NULL,
      status = CASE status WHEN 'PAUSED' THEN 'RUNNING' ELSE status END, "updatedAt" = now()
    WHERE id = run.id;
    IF run.status = 'PAUSED' THEN
      PERFORM engine_emit(run.id, 'run.resumed', '{"status": "RUNNING", "reason": "cancel"}');
    END IF;
  END IF;
  SELECT jsonb_agg(jsonb_build_object('runId', run.id, 'agentRunId', id, 'token', NULL, 'status', 'CANCELLED',
      'errorCode', request ->> 'errorCode', 'errorMessage', request ->> 'errorMessage')) INTO open_nodes
    FROM "AgentRun" WHERE "runId" = run.id AND "finishedAt" IS NULL AND token IS NULL AND NOT "finally"
      AND ("waitingFor" IS NULL OR "waitingFor" <> 'items' OR "openItems" = 0);
  IF open_nodes IS NOT NULL THEN
    settled := engine_settle(open_nodes);
  END IF;
  SELECT * INTO run FROM "WorkflowRun" WHERE id = run.id;
  RETURN jsonb_build_object('found', true, 'accepted', true, 'status', run.status, 'settled', settled, 'epoch', run.epoch,
    'running', (SELECT coalesce(jsonb_agg(jsonb_build_object('agentRunId', id, 'nodeId', "nodeId", 'itemIndex', "itemIndex", 'workerId', "workerId")), '[]')
      FROM "AgentRun" WHERE "runId" = run.id AND status = 'RUNNING' AND token IS NOT NULL AND NOT "finally"),
    'children', (SELECT coalesce(jsonb_agg(id), '[]') FROM "WorkflowRun" WHERE "parentRunId" = run.id AND "finishedAt" IS NULL));
END
$$;

-- Pauses (nothing new starts; attempts under way finish) or resumes a run.
CREATE FUNCTION engine_pause(run_id uuid, pause boolean, by_whom text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run "WorkflowRun";
BEGIN
  SELECT * INTO run FROM "WorkflowRun" WHERE id = run_id FOR NO KEY UPDATE;
  IF run.id IS NULL THEN
    RETURN jsonb_build_object('found', false);
  ELSIF run."finishedAt" IS NOT NULL OR run."cancelRequestedAt" IS NOT NULL OR (run."pausedAt" IS NOT NULL) = pause THEN
    RETURN jsonb_build_object('found', true, 'accepted', false, 'status', run.status);
  END IF;
  UPDATE "WorkflowRun" SET "pausedAt" = CASE WHEN pause THEN now() END, "pausedBy" = CASE WHEN pause THEN by_whom END,
    status = CASE WHEN pause THEN 'PAUSED' WHEN "startedAt" IS NULL THEN 'PENDING' ELSE 'RUNNING' END, "updatedAt" = now()
  WHERE id = run_id RETURNING * INTO run;
  PERFORM engine_emit(run_id, CASE WHEN pause THEN 'run.paused' ELSE 'run.resumed' END,
    jsonb_strip_nulls(jsonb_build_object('status', run.status, 'by', by_whom)));
  IF NOT pause THEN
    PERFORM engine_refresh_waiting(run_id);
  END IF;
  RETURN jsonb_build_object('found', true, 'accepted', true, 'status', (SELECT status FROM "WorkflowRun" WHERE id = run_id), 'epoch', run.epoch);
END
$$;

-- Ends a run whose nodes are all settled and whose definition has output templates: a worker has resolved them.
-- request: {runId, output} or {runId, errorCode, errorMessage}
CREATE FUNCTION engine_finish(request jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  run "WorkflowRun";
  failed boolean := request ->> 'errorCode' IS NOT NULL;
  admitted uuid[] := '{}';
BEGIN
  SELECT * INTO run FROM "WorkflowRun" WHERE id = (request ->> 'runId')::uuid FOR NO KEY UPDATE;
  IF run.id IS NULL OR run."finishedAt" IS NOT NULL OR run."openNodes" > 0 OR run."openFinally" > 0 THEN
    RETURN jsonb_build_object('ended', '[]'::jsonb, 'admitted', '[]'::jsonb);
  END IF;
  failed := failed OR run."errorCode" IS NOT NULL;
  PERFORM engine_emit(run.id, CASE WHEN run."endAs" = 'CANCELLED' THEN 'run.cancelled' WHEN failed THEN 'run.failed' ELSE 'run.succeeded' END,
    jsonb_strip_nulls(jsonb_build_object('status', coalesce(run."endAs", CASE WHEN failed THEN 'FAILED' ELSE 'SUCCESS' END),
      'error', CASE WHEN failed THEN jsonb_build_object('code', coalesce(run."errorCode", request ->> 'errorCode'),
        'message', coalesce(run."errorMessage", request ->> 'errorMessage'), 'nodeId', run."errorNodeId") END)));
  UPDATE "WorkflowRun" SET status = coalesce("endAs", CASE WHEN failed THEN 'FAILED' ELSE 'SUCCESS' END),
    output = coalesce(request -> 'output', engine_sink_outputs(id, "versionId")),
    "errorCode" = coalesce("errorCode", request ->> 'errorCode'), "errorMessage" = coalesce("errorMessage", request ->> 'errorMessage'),
    "startedAt" = coalesce("startedAt", now()), "finishedAt" = now(), "updatedAt" = now()
  WHERE id = run.id RETURNING * INTO run;
  IF run."concurrencyKey" IS NOT NULL THEN
    admitted := engine_admit(run."concurrencyKey");
  END IF;
  RETURN jsonb_build_object('ended', jsonb_build_array(jsonb_build_object('runId', run.id, 'workflowName', run."workflowName",
    'status', run.status, 'triggerType', run."triggerType", 'durationSeconds', extract(epoch FROM now() - run."createdAt"),
    'parentRunId', run."parentRunId", 'parentAgentRunId', run."parentAgentRunId")), 'admitted', to_jsonb(admitted));
END
$$;

-- The guard of terminal runs, and the operator's last resort. `UPDATE "WorkflowRun" SET status = 'FAILED'` by hand ends the
-- run properly: open nodes are cancelled (their tokens are void, so running agents are stopped at the next heartbeat), the
-- events are written, and the reconciler is told to take its jobs out of the queues. The engine's own statements set
-- "finishedAt" together with the status; that is how the two are told apart.
CREATE FUNCTION engine_guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  cancelled integer;
BEGIN
  IF OLD."finishedAt" IS NOT NULL THEN
    RETURN OLD;
  END IF;
  IF NEW.status IN ('SUCCESS', 'FAILED', 'CANCELLED') AND NEW."finishedAt" IS NULL THEN
    NEW."finishedAt" := now();
    NEW."startedAt" := coalesce(OLD."startedAt", now());
    NEW."cleanupNeeded" := true;
    NEW."errorCode" := CASE WHEN NEW.status = 'SUCCESS' THEN NULL ELSE 'MANUAL' END;
    NEW."errorMessage" := CASE WHEN NEW.status = 'SUCCESS' THEN NULL ELSE 'The status was set by hand in the database' END;
    WITH changed AS (
      UPDATE "AgentRun" SET status = 'CANCELLED', token = NULL, "leaseUntil" = NULL, "wakeAt" = NULL, "expiresAt" = NULL,
        "errorCode" = 'MANUAL', "errorMessage" = 'The run was ended by hand in the database', "finishedAt" = now(), "updatedAt" = now()
      WHERE "runId" = OLD.id AND "finishedAt" IS NULL RETURNING *
    ), numbered AS (
      SELECT *, row_number() OVER (ORDER BY "itemIndex" NULLS LAST, "nodeIndex") AS n FROM changed
    ), told AS (
      INSERT INTO "Event" ("runId", sequence, type, data)
      SELECT OLD.id, OLD.sequence + n, 'node.cancelled', jsonb_strip_nulls(jsonb_build_object('nodeId', "nodeId", 'agentRunId', id,
        'itemIndex', "itemIndex", 'status', status, 'attempt', attempt, 'error', jsonb_build_object('code', "errorCode", 'message', "errorMessage")))
      FROM numbered RETURNING 1
    )
    SELECT count(*) INTO cancelled FROM told;
    UPDATE "Approval" SET status = 'CANCELLED', "decidedAt" = now() WHERE "runId" = OLD.id AND status = 'PENDING';
    NEW.sequence := OLD.sequence + cancelled + 1;
    NEW."openNodes" := 0;
    NEW."openFinally" := 0;
    NEW."waitingApprovals" := 0;
    INSERT INTO "Event" ("runId", sequence, type, data) VALUES (OLD.id, NEW.sequence,
      CASE NEW.status WHEN 'SUCCESS' THEN 'run.succeeded' WHEN 'FAILED' THEN 'run.failed' ELSE 'run.cancelled' END,
      jsonb_strip_nulls(jsonb_build_object('status', NEW.status, 'error', CASE WHEN NEW."errorCode" IS NOT NULL
        THEN jsonb_build_object('code', NEW."errorCode", 'message', NEW."errorMessage") END)));
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "WorkflowRun_guard" BEFORE UPDATE ON "WorkflowRun" FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION engine_guard_run();

CREATE FUNCTION engine_guard_node() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN OLD;
END
$$;
CREATE TRIGGER "AgentRun_guard" BEFORE UPDATE ON "AgentRun" FOR EACH ROW
  WHEN (OLD."finishedAt" IS NOT NULL AND OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION engine_guard_node();

-- Down Migration

DROP TRIGGER "AgentRun_guard" ON "AgentRun";
DROP TRIGGER "WorkflowRun_guard" ON "WorkflowRun";
DROP FUNCTION engine_guard_node, engine_guard_run, engine_finish, engine_pause, engine_cancel, engine_decide, engine_park,
  engine_release, engine_create_runs;
