-- Purpose: what triggers remember: their decisions, the alerts as they stand, where schedules and follow-ups have got to, groups of
--          alerts that still collect, budgets, silences, and the locks on targets that nodes hold.
-- Locks:   creates only.
-- Back:    the down part drops the tables; decisions and alerts are lost, schedules start anew from the moment of the next "up".

-- Up Migration

-- One row for each time that something came for a trigger: what it started, or why not. No foreign keys: it outlives both.
CREATE TABLE "TriggerDecision" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  "triggerId" text NOT NULL, -- <workflowId>.<type>.<n>, see flows/trigger-id.ts
  "workflowId" uuid NOT NULL,
  "workflowName" text NOT NULL,
  "triggerType" text NOT NULL,
  outcome text NOT NULL,
  message text,
  "runId" uuid,
  until timestamptz, -- from when on the same would start
  subject jsonb NOT NULL, -- what came: the alert, the due time, the message, the run
  "webhookId" uuid
);
CREATE INDEX "TriggerDecision_triggerId_idx" ON "TriggerDecision" ("triggerId", at DESC, id DESC);
CREATE INDEX "TriggerDecision_at_idx" ON "TriggerDecision" (at DESC, id DESC);

-- An alert from its beginning to its end: the same fingerprint with another "startsAt" is another row.
CREATE TABLE "Alert" (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  fingerprint text NOT NULL,
  "startsAt" timestamptz NOT NULL,
  source text NOT NULL,
  status text NOT NULL CHECK (status IN ('firing', 'resolved')),
  labels jsonb NOT NULL,
  annotations jsonb NOT NULL,
  "generatorURL" text,
  receiver text,
  "endsAt" timestamptz,
  "firstReceivedAt" timestamptz NOT NULL DEFAULT now(),
  "lastReceivedAt" timestamptz NOT NULL DEFAULT now(),
  received integer NOT NULL DEFAULT 1,
  "resolvedAt" timestamptz, -- when we heard of it
  "resolvedBy" text,        -- 'webhook', or 'alertmanager' when we asked
  "missedAt" timestamptz,   -- AlertManager did not know it when asked; resolved when it does not the next time either
  PRIMARY KEY (fingerprint, "startsAt")
);
CREATE UNIQUE INDEX "Alert_id_idx" ON "Alert" (id);
CREATE INDEX "Alert_startsAt_idx" ON "Alert" ("startsAt" DESC, id DESC);
CREATE INDEX "Alert_lastReceivedAt_idx" ON "Alert" ("lastReceivedAt");

-- How far a schedule or another reader of what has happened has got.
CREATE TABLE "TriggerCursor" (
  name text PRIMARY KEY, -- schedule/<triggerId>/<cron> <timezone>, or the reader's name
  at timestamptz NOT NULL,
  waiting timestamptz[] NOT NULL DEFAULT '{}', -- due times of a schedule with overlap "queue" whose turn has not come
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);

-- An ended run whose followers were all started (or not, and why: see their decisions).
CREATE TABLE "RunFollowUp" (
  "runId" uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX "RunFollowUp_at_idx" ON "RunFollowUp" (at);

-- Alerts that are equal in some labels and become one run when the window closes.
CREATE TABLE "AlertGroup" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "triggerId" text NOT NULL,
  "workflowId" uuid NOT NULL,
  key text NOT NULL, -- the labels and their values
  labels jsonb NOT NULL,
  "openedAt" timestamptz NOT NULL DEFAULT now(),
  "closesAt" timestamptz NOT NULL,
  "closedAt" timestamptz,
  envelope jsonb NOT NULL -- of the message that opened it: receiver, groupKey, …
);
CREATE UNIQUE INDEX "AlertGroup_open_idx" ON "AlertGroup" ("triggerId", key) WHERE "closedAt" IS NULL;
CREATE TABLE "AlertGroupMember" (
  "groupId" uuid NOT NULL REFERENCES "AlertGroup" (id) ON DELETE CASCADE,
  fingerprint text NOT NULL,
  "startsAt" timestamptz NOT NULL,
  alert jsonb NOT NULL,
  PRIMARY KEY ("groupId", fingerprint, "startsAt")
);

-- Starts that count against a workflow's budget for a target.
CREATE TABLE "BudgetUse" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "workflowId" uuid NOT NULL,
  target text NOT NULL,
  identity text NOT NULL, -- of what asked for the start: asking again does not count again
  at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "BudgetUse_identity_key" UNIQUE ("workflowId", target, identity)
);
CREATE INDEX "BudgetUse_at_idx" ON "BudgetUse" (at);

-- Silences in AlertManager that last as long as a run.
CREATE TABLE "RunSilence" (
  "runId" uuid PRIMARY KEY,
  "silenceId" text,
  "endsAt" timestamptz,
  "removedAt" timestamptz,
  error text,
  "createdAt" timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX "RunSilence_open_idx" ON "RunSilence" ("runId") WHERE "removedAt" IS NULL;

-- Who holds a target: one node exclusively or any number shared. A lock lasts as long as its node is claimed; one whose node
-- never gets that far ends with its lease.
CREATE TABLE "TargetLock" (
  key text NOT NULL,
  "agentRunId" uuid NOT NULL,
  "runId" uuid NOT NULL,
  "nodeId" text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('shared', 'exclusive')),
  "workerId" text NOT NULL,
  "acquiredAt" timestamptz NOT NULL DEFAULT now(),
  "leaseUntil" timestamptz NOT NULL,
  PRIMARY KEY (key, "agentRunId")
);
CREATE INDEX "TargetLock_agentRunId_idx" ON "TargetLock" ("agentRunId");

-- Down Migration

DROP TABLE "TargetLock", "RunSilence", "BudgetUse", "AlertGroupMember", "AlertGroup", "RunFollowUp", "TriggerCursor", "Alert",
  "TriggerDecision";
