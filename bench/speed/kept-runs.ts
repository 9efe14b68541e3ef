import type { Client } from 'pg';
import { withClient } from '../chaos/history/read-postgres.ts';

const AT_ONCE = 50_000;
/** Between two kept runs, so that a million of them reach a month back. */
const SECONDS_APART = 2.6;
/** One run in so many has failed, and one in so many has labels. */
const FAILED_EACH = 50;
const LABELLED_EACH = 20;
/** One run in so many was of an agent, of this many ones. */
const AGENT_EACH = 4;
const AGENTS = 25;

/**
 * Fills the database up to `total` ended runs: copies of one that really ended, with its nodes and events, spread over the
 * time before it. Foreign keys are not checked meanwhile (the copies are right by construction).
 */
export async function keepRuns(databaseUrl: string, runId: string, total: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(`SET session_replication_role = replica`);
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM "WorkflowRun"');
    for (let from = rows[0]?.count ?? 0; from < total; from += AT_ONCE) {
      await copyRuns(client, runId, from, Math.min(from + AT_ONCE, total) - 1);
    }
    for (const table of ['WorkflowRun', 'AgentRun', 'Event']) await client.query(`VACUUM ANALYZE "${table}"`);
  });
}

async function copyRuns(client: Client, runId: string, first: number, last: number): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    `CREATE TEMP TABLE copied ON COMMIT DROP AS
     SELECT gen_random_uuid() AS id, n, n * ${SECONDS_APART} * interval '1 second' AS ago FROM generate_series($1::int, $2::int) n`,
    [first, last],
  );
  await client.query(
    `INSERT INTO "WorkflowRun" SELECT r.* FROM "WorkflowRun" w, copied c, LATERAL jsonb_populate_record(w, jsonb_build_object(
       'id', c.id, 'createdAt', w."createdAt" - c.ago, 'startedAt', w."startedAt" - c.ago, 'finishedAt', w."finishedAt" - c.ago,
       'updatedAt', w."updatedAt" - c.ago) ||
       CASE WHEN c.n % ${FAILED_EACH} = 0 THEN '{"status": "FAILED", "errorCode": "AGENT_FAILED", "errorMessage": "exit code 1"}'::jsonb ELSE '{}' END ||
       CASE WHEN c.n % ${LABELLED_EACH} = 0 THEN jsonb_build_object('labels', jsonb_build_object('host', 'host-' || c.n % 1000)) ELSE '{}' END
     ) r WHERE w.id = $1`,
    [runId],
  );
  await client.query(
    `INSERT INTO "AgentRun" SELECT r.* FROM "AgentRun" a, copied c,
       LATERAL jsonb_populate_record(a, jsonb_build_object(
         'id', gen_random_uuid(), 'runId', c.id, 'createdAt', a."createdAt" - c.ago, 'startedAt', a."startedAt" - c.ago,
         'firstStartedAt', a."firstStartedAt" - c.ago, 'finishedAt', a."finishedAt" - c.ago) ||
         CASE WHEN c.n % ${AGENT_EACH} = 0 THEN jsonb_build_object('kind', 'agent', 'agentName', 'agent-' || c.n / ${AGENT_EACH} % ${AGENTS}) ELSE '{}' END
       ) r WHERE a."runId" = $1`,
    [runId],
  );
  await client.query(
    `INSERT INTO "Event" SELECT c.id, e.sequence, e.type, e.data, e."createdAt" - c.ago, now() FROM "Event" e, copied c WHERE e."runId" = $1`,
    [runId],
  );
  await client.query('COMMIT');
}
