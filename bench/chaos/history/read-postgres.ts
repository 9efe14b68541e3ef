import { Client } from 'pg';
import type { EdgeRow, EventRow, NodeRow, RunRow } from './history.ts';

export interface DatabaseHistory {
  readonly runs: RunRow[];
  readonly nodes: NodeRow[];
  readonly edges: EdgeRow[];
  readonly events: EventRow[];
  readonly idleInTransaction: string[];
}

const IDLE_SECONDS = 5;

export async function readPostgres(databaseUrl: string): Promise<DatabaseHistory> {
  return withClient(databaseUrl, async (client) => ({
    runs: await rows<RunRow>(client, RUNS),
    nodes: await rows<NodeRow>(client, NODES),
    edges: await rows<EdgeRow>(client, 'SELECT "versionId"::int, "from", "to" FROM "WorkflowEdge"'),
    events: await rows<EventRow>(client, EVENTS),
    idleInTransaction: (await rows<{ query: string }>(client, IDLE)).map(({ query }) => query),
  }));
}

/** Tables in which any column of any row shows the text. */
export async function findInTables(databaseUrl: string, text: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const tables = await rows<{ name: string }>(
      client,
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rowCount } = await client.query(`SELECT FROM ${name} t WHERE t::text LIKE $1 LIMIT 1`, [`%${text}%`]);
      if (rowCount) found.push(`table ${name}`);
    }
    return found;
  });
}

export async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function rows<T>(client: Client, statement: string): Promise<T[]> {
  return (await client.query(statement)).rows as T[];
}

const MS = (column: string) => `round(extract(epoch FROM ${column}) * 1000)::float8`;

const RUNS = `SELECT id, "versionId"::int, status, "errorCode", "errorMessage", "errorNodeId", "endAs",
  "cancelRequestedAt" IS NOT NULL AS "cancelRequested", "hasOutput", ${MS('"finishedAt"')} AS "finishedAt" FROM "WorkflowRun"`;

const NODES = `SELECT a.id, a."runId", a."nodeIndex", a."nodeId", a."itemIndex", a.kind, a.status, a."finally", a."allowFailure",
  a.attempt, a."lostAttempts", a."errorCode", a."errorMessage", a.output, a."copiedFromRunId" IS NOT NULL AS copied,
  coalesce((v.definition -> 'nodes' -> a."nodeIndex" -> 'retry' ->> 'attempts')::int, 1) AS "attemptLimit"
  FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId" JOIN "WorkflowVersion" v ON v.id = w."versionId"`;

const EVENTS = `SELECT "runId", sequence, type, data ->> 'agentRunId' AS "agentRunId", data ->> 'nodeId' AS "nodeId",
  data ->> 'status' AS status, ${MS('"createdAt"')} AS at FROM "Event" ORDER BY "runId", sequence`;

const IDLE = `SELECT query FROM pg_stat_activity
  WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '${IDLE_SECONDS} seconds'`;
