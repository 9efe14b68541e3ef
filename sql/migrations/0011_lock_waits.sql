-- Purpose: what a node waits for that did not get its locks on targets, so that it can be told who is in the way.
-- Locks:   creates only.
-- Back:    drops the table; waiting nodes go on waiting, and say no more for what.

-- Up Migration

-- A node of which one lock at least is held by others, since its first try. It ends when the node has its locks, or ends.
CREATE TABLE "TargetLockWait" (
  "agentRunId" uuid PRIMARY KEY,
  key text NOT NULL, -- of the lock that was in the way at the last try
  mode text NOT NULL CHECK (mode IN ('shared', 'exclusive')), -- in which it is wanted
  since timestamptz NOT NULL DEFAULT now()
);

-- Down Migration

DROP TABLE "TargetLockWait";
