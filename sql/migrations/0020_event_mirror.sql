-- Purpose: which JetStream stream the outbox was mirrored to, so that one that was made anew gets every event again.
-- Locks:   creates only.
-- Back:    drops the table; the next publisher mirrors every event again.

-- Up Migration

CREATE TABLE "EventMirror" (
  stream text PRIMARY KEY, -- its name
  "streamCreatedAt" text NOT NULL -- as the server says it: RFC 3339 with nanoseconds
);

-- Down Migration

DROP TABLE "EventMirror";
