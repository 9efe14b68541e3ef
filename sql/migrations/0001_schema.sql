-- Purpose: the tables of the engine. Names are the ones that operators type ("WorkflowRun", "AgentRun", "Event").
-- Locks:   creates only; nothing exists yet.
-- Back:    the down part drops everything this file made, with all data.
--
-- Two rules shape the indexes. Rows of "AgentRun" change several times in their short life, so no index covers a
-- column that every step changes: their updates then stay on the page (HOT). And whatever the reconciler has to find
-- by time (leases, wake-ups, expiries) has a partial index that holds only the rows that are waiting.

-- Up Migration

CREATE TABLE "Workflow" (
  id uuid PRIMARY KEY,
  "projectId" text NOT NULL DEFAULT 'default',
  name text NOT NULL,
  description text,
  status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'DRAFT', 'ARCHIVED')),
  version integer NOT NULL DEFAULT 1,
  "maxConcurrentRuns" integer CHECK ("maxConcurrentRuns" > 0),
  labels jsonb NOT NULL DEFAULT '{}',
  "pausedAt" timestamptz,
  "pausedBy" text,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "Workflow_projectId_name_key" UNIQUE ("projectId", name)
);

-- No foreign key to "Workflow": runs keep their snapshot when the workflow is deleted.
CREATE TABLE "WorkflowVersion" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "workflowId" uuid NOT NULL,
  version integer NOT NULL,
  definition jsonb NOT NULL,
  "createdBy" text,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "WorkflowVersion_workflowId_version_key" UNIQUE ("workflowId", version)
);

-- What the engine's statements need of a version's nodes, so that starting a run copies rows inside the database.
CREATE TABLE "WorkflowNode" (
  "versionId" bigint NOT NULL REFERENCES "WorkflowVersion" (id) ON DELETE CASCADE,
  "nodeIndex" integer NOT NULL,
  "nodeId" text NOT NULL,
  kind text NOT NULL,
  "agentName" text,
  "jobGroup" integer NOT NULL, -- nodes of one group share one job (flows/compile.ts)
  "dependencyCount" integer NOT NULL,
  "runIf" text NOT NULL DEFAULT 'all_success',
  "allowFailure" boolean NOT NULL DEFAULT false,
  "finally" boolean NOT NULL DEFAULT false,
  sink boolean NOT NULL,
  "queueTimeoutSeconds" double precision,
  PRIMARY KEY ("versionId", "nodeIndex")
);

CREATE TABLE "WorkflowEdge" (
  "versionId" bigint NOT NULL REFERENCES "WorkflowVersion" (id) ON DELETE CASCADE,
  "from" integer NOT NULL,
  "to" integer NOT NULL,
  PRIMARY KEY ("versionId", "from", "to")
);

CREATE TABLE "WorkflowRun" (
  id uuid PRIMARY KEY,
  "workflowId" uuid NOT NULL,
  "workflowName" text NOT NULL,
  "workflowVersion" integer NOT NULL,
  "versionId" bigint NOT NULL REFERENCES "WorkflowVersion" (id),
  "projectId" text NOT NULL DEFAULT 'default',
  status text NOT NULL DEFAULT 'PENDING'
    CHECK (status IN ('PENDING', 'RUNNING', 'WAITING_APPROVAL', 'PAUSED', 'SUCCESS', 'FAILED', 'CANCELLED')),
  "triggerType" text NOT NULL,
  trigger jsonb NOT NULL,
  input jsonb NOT NULL DEFAULT '{}',
  output jsonb,
  "errorCode" text,
  "errorMessage" text,
  "errorNodeId" text,
  labels jsonb NOT NULL DEFAULT '{}',
  -- progress: counters that only the engine's statements change, under this row's lock
  "openNodes" integer NOT NULL,
  "openFinally" integer NOT NULL DEFAULT 0,
  "finallyReleased" boolean NOT NULL DEFAULT false,
  "waitingApprovals" integer NOT NULL DEFAULT 0,
  sequence integer NOT NULL DEFAULT 0, -- the number of the run's last event
  epoch integer NOT NULL DEFAULT 1,    -- which flow in Redis is the current one
  "hasOutput" boolean NOT NULL DEFAULT false, -- the definition has output templates: a worker ends the run
  -- control
  "concurrencyKey" text,
  "concurrencyLimit" integer,
  "admittedAt" timestamptz, -- null: waits for a place under its concurrency limit
  "cancelRequestedAt" timestamptz,
  "cancelRequestedBy" text,
  "endAs" text CHECK ("endAs" IN ('CANCELLED', 'FAILED')), -- set with cancelRequestedAt: how the run then ends
  "pausedAt" timestamptz,
  "pausedBy" text,
  "cleanupNeeded" boolean NOT NULL DEFAULT false, -- ended by hand in SQL: its jobs are still in the queues
  "deadlineAt" timestamptz,
  "retryOf" uuid,
  "parentRunId" uuid,
  "parentAgentRunId" uuid,
  depth integer NOT NULL DEFAULT 0,
  "traceparent" text,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "startedAt" timestamptz,
  "finishedAt" timestamptz,
  "updatedAt" timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

CREATE INDEX "WorkflowRun_workflowId_createdAt_idx" ON "WorkflowRun" ("workflowId", "createdAt" DESC, id DESC);
CREATE INDEX "WorkflowRun_createdAt_idx" ON "WorkflowRun" ("createdAt" DESC, id DESC);
CREATE INDEX "WorkflowRun_open_idx" ON "WorkflowRun" (id) WHERE "finishedAt" IS NULL;
CREATE INDEX "WorkflowRun_finishedAt_idx" ON "WorkflowRun" ("finishedAt") WHERE "finishedAt" IS NOT NULL;
CREATE INDEX "WorkflowRun_deadlineAt_idx" ON "WorkflowRun" ("deadlineAt") WHERE "deadlineAt" IS NOT NULL AND "finishedAt" IS NULL;
CREATE INDEX "WorkflowRun_concurrency_idx" ON "WorkflowRun" ("concurrencyKey", "createdAt") WHERE "concurrencyKey" IS NOT NULL AND "finishedAt" IS NULL;
CREATE INDEX "WorkflowRun_parentRunId_idx" ON "WorkflowRun" ("parentRunId") WHERE "parentRunId" IS NOT NULL;
CREATE INDEX "WorkflowRun_cleanup_idx" ON "WorkflowRun" (id) WHERE "cleanupNeeded";
CREATE INDEX "WorkflowRun_labels_idx" ON "WorkflowRun" USING gin (labels jsonb_path_ops) WHERE labels <> '{}';

CREATE TABLE "Agent" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CONSTRAINT "Agent_name_key" UNIQUE,
  version text NOT NULL DEFAULT '0.0.0',
  description text,
  "riskLevel" text NOT NULL DEFAULT 'AUTO' CHECK ("riskLevel" IN ('AUTO', 'APPROVAL_REQUIRED')),
  "inputSchema" jsonb NOT NULL DEFAULT '{}',
  "outputSchema" jsonb NOT NULL DEFAULT '{}',
  image text,
  digest text,
  manifest jsonb NOT NULL DEFAULT '{}',
  source text NOT NULL DEFAULT 'api' CHECK (source IN ('folder', 'api')),
  "maxConcurrent" integer CHECK ("maxConcurrent" > 0),
  "pausedAt" timestamptz,
  "pausedBy" text,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE "AgentRun" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "runId" uuid NOT NULL REFERENCES "WorkflowRun" (id) ON DELETE CASCADE,
  "nodeIndex" integer NOT NULL,
  "itemIndex" integer, -- null: the node itself; else one instance of a forEach node
  "nodeId" text NOT NULL,
  kind text NOT NULL,
  "agentName" text,
  "jobGroup" integer NOT NULL,
  "runIf" text NOT NULL DEFAULT 'all_success',
  "allowFailure" boolean NOT NULL DEFAULT false,
  "finally" boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'PENDING'
    CHECK (status IN ('PENDING', 'RUNNING', 'WAITING_APPROVAL', 'PAUSED', 'SUCCESS', 'FAILED', 'CANCELLED', 'SKIPPED')),
  -- readiness: ready when status is PENDING, pending is 0 and wakeAt is not in the future
  pending integer NOT NULL,
  "dependencyCount" integer NOT NULL,
  "succeededDependencies" integer NOT NULL DEFAULT 0,
  "failedDependencies" integer NOT NULL DEFAULT 0,
  "skippedDependencies" integer NOT NULL DEFAULT 0,
  "readyAt" timestamptz,
  "queueTimeoutSeconds" double precision,
  "wakeAt" timestamptz,
  "waitingFor" text CHECK ("waitingFor" IN ('retry', 'approval', 'timer', 'signal', 'workflow', 'items', 'resolved', 'lock')),
  "waitingName" text, -- the signal's name, the lock's key
  "expiresAt" timestamptz,
  "expiresAs" text,
  -- who runs it
  attempt integer NOT NULL DEFAULT 0,
  "lostAttempts" integer NOT NULL DEFAULT 0, -- attempts that ended because the infrastructure failed
  token uuid,
  "workerId" text,
  "heartbeatAt" timestamptz,
  "leaseUntil" timestamptz, -- stays null for transforms, which run for milliseconds: see engine_expired_leases
  -- what it got and gave
  item jsonb,
  input jsonb,
  output jsonb,
  "errorCode" text,
  "errorMessage" text,
  "exitCode" integer,
  progress jsonb,
  approval jsonb, -- the decision, for templates
  "openItems" integer,
  "childRunId" uuid,
  "copiedFromRunId" uuid, -- the result was taken over from this run (retry or cache)
  "firstStartedAt" timestamptz,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "startedAt" timestamptz,
  "finishedAt" timestamptz,
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "AgentRun_runId_nodeIndex_itemIndex_key" UNIQUE NULLS NOT DISTINCT ("runId", "nodeIndex", "itemIndex")
) WITH (fillfactor = 70);

CREATE INDEX "AgentRun_leaseUntil_idx" ON "AgentRun" ("leaseUntil") WHERE "leaseUntil" IS NOT NULL;
CREATE INDEX "AgentRun_wakeAt_idx" ON "AgentRun" ("wakeAt") WHERE "wakeAt" IS NOT NULL;
CREATE INDEX "AgentRun_expiresAt_idx" ON "AgentRun" ("expiresAt") WHERE "expiresAt" IS NOT NULL;
CREATE INDEX "AgentRun_childRunId_idx" ON "AgentRun" ("childRunId") WHERE "childRunId" IS NOT NULL;

-- Attempts that were followed by another one; the current attempt is the "AgentRun" row itself.
CREATE TABLE "AgentAttempt" (
  "agentRunId" uuid NOT NULL REFERENCES "AgentRun" (id) ON DELETE CASCADE,
  attempt integer NOT NULL,
  status text NOT NULL DEFAULT 'FAILED',
  "errorCode" text,
  "errorMessage" text,
  "exitCode" integer,
  "workerId" text,
  "startedAt" timestamptz,
  "finishedAt" timestamptz NOT NULL DEFAULT now(),
  "retryAt" timestamptz,
  PRIMARY KEY ("agentRunId", attempt)
);

CREATE TABLE "AgentLog" (
  "agentRunId" uuid NOT NULL REFERENCES "AgentRun" (id) ON DELETE CASCADE,
  attempt integer NOT NULL,
  line integer NOT NULL,
  at timestamptz NOT NULL,
  text text NOT NULL,
  PRIMARY KEY ("agentRunId", attempt, line)
);

CREATE TABLE "Approval" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "runId" uuid NOT NULL REFERENCES "WorkflowRun" (id) ON DELETE CASCADE,
  "agentRunId" uuid NOT NULL REFERENCES "AgentRun" (id) ON DELETE CASCADE,
  "nodeId" text NOT NULL,
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
  message text,
  input jsonb,
  roles text[] NOT NULL DEFAULT '{}',
  "answerSchema" jsonb,
  answer jsonb,
  "onTimeout" text NOT NULL DEFAULT 'reject' CHECK ("onTimeout" IN ('reject', 'approve')),
  "requestedAt" timestamptz NOT NULL DEFAULT now(),
  "expiresAt" timestamptz,
  "decidedAt" timestamptz,
  "respondedBy" text,
  notes text,
  CONSTRAINT "Approval_agentRunId_key" UNIQUE ("agentRunId")
);
CREATE INDEX "Approval_pending_idx" ON "Approval" ("requestedAt" DESC) WHERE status = 'PENDING';
CREATE INDEX "Approval_requestedAt_idx" ON "Approval" ("requestedAt" DESC, id DESC);
CREATE INDEX "Approval_runId_idx" ON "Approval" ("runId");

-- A signal that came before its node waited for it is kept until the node asks.
CREATE TABLE "Signal" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "runId" uuid NOT NULL REFERENCES "WorkflowRun" (id) ON DELETE CASCADE,
  name text NOT NULL,
  payload jsonb,
  "sentBy" text,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "consumedBy" uuid
);
CREATE INDEX "Signal_runId_name_idx" ON "Signal" ("runId", name) WHERE "consumedBy" IS NULL;

-- The outbox: every change of state, written in the transaction that makes it.
CREATE TABLE "Event" (
  "runId" uuid NOT NULL REFERENCES "WorkflowRun" (id) ON DELETE CASCADE,
  sequence integer NOT NULL,
  type text NOT NULL,
  data jsonb NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "publishedAt" timestamptz,
  PRIMARY KEY ("runId", sequence)
);
CREATE INDEX "Event_unpublished_idx" ON "Event" ("runId", sequence) WHERE "publishedAt" IS NULL;

CREATE TABLE "IdempotencyKey" (
  scope text NOT NULL, -- the workflow's id, or the trigger's identity
  key text NOT NULL,
  "requestHash" text NOT NULL,
  "runId" uuid NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX "IdempotencyKey_createdAt_idx" ON "IdempotencyKey" ("createdAt");

-- One holder at a time per name, by lease: a stopped process loses it, unlike a session's advisory lock.
CREATE TABLE "Leader" (
  name text PRIMARY KEY,
  holder text NOT NULL,
  until timestamptz NOT NULL
);

CREATE TABLE "Worker" (
  id text PRIMARY KEY,
  host text NOT NULL,
  pid integer NOT NULL,
  roles text[] NOT NULL,
  pools text[] NOT NULL DEFAULT '{}',
  concurrency integer NOT NULL DEFAULT 0,
  version text,
  "startedAt" timestamptz NOT NULL DEFAULT now(),
  "heartbeatAt" timestamptz NOT NULL DEFAULT now(),
  "stoppedAt" timestamptz
);

CREATE TABLE "Repair" (
  kind text PRIMARY KEY,
  count bigint NOT NULL DEFAULT 0,
  "lastAt" timestamptz NOT NULL DEFAULT now(),
  "lastSubject" text
);

-- Down Migration

DROP TABLE "Repair", "Worker", "Leader", "IdempotencyKey", "Event", "Signal", "Approval", "AgentLog", "AgentAttempt", "AgentRun",
  "Agent", "WorkflowRun", "WorkflowEdge", "WorkflowNode", "WorkflowVersion", "Workflow";
