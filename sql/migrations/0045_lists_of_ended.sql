-- Purpose: lists that find little among much are read by an index of what they look for:
--          * runs that were cancelled where most of what ended badly failed, and the other way round; those of one workflow that ended
--            badly. "endAs" and "errorCode" change only when a run ends so, so that the updates of others stay as cheap as they were.
--          * the statistics of agents: the newest nodes of each, instead of all nodes of the newest runs.
-- Locks:   SHARE on "WorkflowRun" and "AgentRun" while the indexes are built: seconds per million rows, in which runs wait.
-- Back:    drops the indexes.

-- Up Migration

CREATE INDEX "WorkflowRun_cancelled_idx" ON "WorkflowRun" ("createdAt" DESC, id DESC)
  WHERE "endAs" = 'CANCELLED' OR "errorCode" = 'MANUAL';
CREATE INDEX "WorkflowRun_failed_idx" ON "WorkflowRun" ("createdAt" DESC, id DESC)
  WHERE "errorCode" IS NOT NULL AND ("endAs" IS DISTINCT FROM 'CANCELLED' OR "errorCode" = 'MANUAL');
CREATE INDEX "WorkflowRun_workflowId_error_idx" ON "WorkflowRun" ("workflowId", "createdAt" DESC, id DESC) WHERE "errorCode" IS NOT NULL;
CREATE INDEX "AgentRun_agentName_idx" ON "AgentRun" ("agentName", "createdAt" DESC) WHERE "agentName" IS NOT NULL;

-- Down Migration

DROP INDEX "WorkflowRun_cancelled_idx", "WorkflowRun_failed_idx", "WorkflowRun_workflowId_error_idx", "AgentRun_agentName_idx";
