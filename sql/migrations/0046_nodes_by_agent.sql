-- Purpose: the statistics of agents read the newest nodes of each, instead of all nodes of the newest runs.
-- Locks:   SHARE on "AgentRun" while the index is built: seconds per million nodes, in which runs wait. On no other table: see 0045.
-- Back:    drops the index.

-- Up Migration

CREATE INDEX "AgentRun_agentName_idx" ON "AgentRun" ("agentName", "createdAt" DESC) WHERE "agentName" IS NOT NULL;

-- Down Migration

DROP INDEX "AgentRun_agentName_idx";
