-- Purpose: limits of single projects, where they differ from those of the environment.
-- Locks:   creates only.
-- Back:    the down part drops the table; every project is under the environment's limits again.

-- Up Migration

CREATE TABLE "ProjectLimit" (
  "projectId" text PRIMARY KEY,
  "maxOpenRuns" integer CHECK ("maxOpenRuns" >= 0), -- 0: no limit; null: the environment's
  "maxWorkflows" integer CHECK ("maxWorkflows" >= 0),
  "updatedBy" text NOT NULL,
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);

-- Down Migration

DROP TABLE "ProjectLimit";
