-- Purpose: the engine's functions look rows up by their keys, also where their plans were made:
--          * on an empty database a plan reads small tables from end to end, and it is kept (0021) until the table's next ANALYZE: after
--            a thousand runs, a graph of 50 nodes read 9,500 rows of "WorkflowRun" that were none of its own.
--          * nodes are written under the lock of their run, so that their foreign key found nothing and cost a look per node; the trigger
--            below deletes them with their run, as the key did.
-- Locks:   ACCESS EXCLUSIVE on "AgentRun" and "WorkflowRun" for an instant.
-- Back:    settings and the key as before. Nodes without a run are deleted first; there are none.

-- Up Migration

-- jit: what can be read in no other way than from end to end counts as so dear that it would be compiled first.
ALTER FUNCTION engine_create_runs SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_claim SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_run_groups SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_settle SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_release SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_park SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_decide SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_signal SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_cancel SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_pause SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_finish SET enable_seqscan = off SET jit = off;
ALTER FUNCTION engine_admit SET enable_seqscan = off SET jit = off;

ALTER TABLE "AgentRun" DROP CONSTRAINT "AgentRun_runId_fkey";

CREATE FUNCTION engine_delete_nodes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "AgentRun" a USING gone WHERE a."runId" = gone.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER "WorkflowRun_nodes" AFTER DELETE ON "WorkflowRun" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION engine_delete_nodes();

-- Down Migration

DROP TRIGGER "WorkflowRun_nodes" ON "WorkflowRun";
DROP FUNCTION engine_delete_nodes;
DELETE FROM "AgentRun" a WHERE NOT EXISTS (SELECT FROM "WorkflowRun" w WHERE w.id = a."runId");
ALTER TABLE "AgentRun" ADD CONSTRAINT "AgentRun_runId_fkey" FOREIGN KEY ("runId") REFERENCES "WorkflowRun" (id) ON DELETE CASCADE;

ALTER FUNCTION engine_create_runs RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_claim RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_run_groups RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_settle RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_release RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_park RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_decide RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_signal RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_cancel RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_pause RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_finish RESET enable_seqscan RESET jit;
ALTER FUNCTION engine_admit RESET enable_seqscan RESET jit;
