-- Purpose: results of nodes with `cache`, by what they were made from.
-- Locks:   creates only.
-- Back:    drops the table; the next runs of cached nodes run again.

-- Up Migration

CREATE TABLE "ResultCache" (
  key text PRIMARY KEY, -- hash of agent, its digest and the resolved input
  output jsonb,
  "runId" uuid NOT NULL, -- the run that made it
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "expiresAt" timestamptz NOT NULL
);
CREATE INDEX "ResultCache_expiresAt_idx" ON "ResultCache" ("expiresAt");

-- Down Migration

DROP TABLE "ResultCache";
