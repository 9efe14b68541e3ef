-- Purpose: lists of runs that failed or were cancelled, or that one kind of trigger started, and searches in errors and labels, read
--          an index newest first instead of the table: with a million runs kept, seconds became milliseconds. None of the columns changes while a run goes well, so that
--          its updates stay as cheap as they were (an index by status would not leave them so).
-- Locks:   SHARE on "WorkflowRun" while the indexes are built: runs wait meanwhile.
-- Back:    drops the indexes.

-- Up Migration

CREATE INDEX "WorkflowRun_error_idx" ON "WorkflowRun" ("createdAt" DESC, id DESC) WHERE "errorCode" IS NOT NULL;
CREATE INDEX "WorkflowRun_labelled_idx" ON "WorkflowRun" ("createdAt" DESC, id DESC) WHERE labels <> '{}';
CREATE INDEX "WorkflowRun_triggerType_idx" ON "WorkflowRun" ("triggerType", "createdAt" DESC, id DESC);

-- Down Migration

DROP INDEX "WorkflowRun_error_idx", "WorkflowRun_labelled_idx", "WorkflowRun_triggerType_idx";
