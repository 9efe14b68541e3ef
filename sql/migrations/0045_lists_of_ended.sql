-- Purpose: lists that find little among much are read by an index of what they look for: runs that were cancelled where most of what
--          ended badly failed, and the other way round; those of one workflow that ended badly. "endAs" and "errorCode" change only
--          when a run ends so, so that the updates of others stay as cheap as they were.
-- Locks:   SHARE on "WorkflowRun" while the indexes are built: seconds per million runs, in which runs wait. On no other table: runs hold
--          and want locks of both "WorkflowRun" and "AgentRun", and a migration that does so too may end in a deadlock with them.
-- Back:    drops the indexes.

-- Up Migration

CREATE INDEX "WorkflowRun_cancelled_idx" ON "WorkflowRun" ("createdAt" DESC, id DESC)
  WHERE "endAs" = 'CANCELLED' OR "errorCode" = 'MANUAL';
CREATE INDEX "WorkflowRun_failed_idx" ON "WorkflowRun" ("createdAt" DESC, id DESC)
  WHERE "errorCode" IS NOT NULL AND ("endAs" IS DISTINCT FROM 'CANCELLED' OR "errorCode" = 'MANUAL');
CREATE INDEX "WorkflowRun_workflowId_error_idx" ON "WorkflowRun" ("workflowId", "createdAt" DESC, id DESC) WHERE "errorCode" IS NOT NULL;

-- Down Migration

DROP INDEX "WorkflowRun_cancelled_idx", "WorkflowRun_failed_idx", "WorkflowRun_workflowId_error_idx";
