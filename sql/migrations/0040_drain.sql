-- Purpose: an operator can ask a worker to take no more work and see when it has ended what it had.
-- Locks:   "Worker", exclusively and for an instant: nullable columns without a default rewrite nothing.
-- Back:    drops the columns; workers that drain go on draining until they are restarted.

-- Up Migration

ALTER TABLE "Worker"
  ADD COLUMN "drainRequestedAt" timestamptz,
  ADD COLUMN "drainedAt" timestamptz; -- it holds nothing any more

-- Down Migration

ALTER TABLE "Worker" DROP COLUMN "drainRequestedAt", DROP COLUMN "drainedAt";
