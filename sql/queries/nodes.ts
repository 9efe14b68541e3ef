import { sql } from 'slonik';
import { z } from 'zod';
import { NODE_STATUSES } from '../../contracts/statuses.ts';
import type { Queryable } from '../pool.ts';

const nodeState = z.object({ id: z.string(), status: z.enum(NODE_STATUSES), token: z.string().nullable() });

/** A node of a run (or one instance of a forEach node) with who owns it; null where there is none. */
export async function findNode(db: Queryable, runId: string, nodeId: string, itemIndex: number | null) {
  return db.maybeOne(sql.type(nodeState)`
    SELECT id, status, token FROM "AgentRun"
    WHERE "runId" = ${runId} AND "nodeId" = ${nodeId} AND "itemIndex" IS NOT DISTINCT FROM ${itemIndex}::integer`);
}

/** Indices of the nodes of a run that are ready and that nobody runs. */
export async function findReadyNodes(db: Queryable, runId: string): Promise<readonly number[]> {
  const rows = await db.any(sql.type(z.object({ nodeIndex: z.number() }))`
    SELECT "nodeIndex" FROM "AgentRun" WHERE "runId" = ${runId} AND "itemIndex" IS NULL AND status = 'PENDING' AND pending = 0`);
  return rows.map(({ nodeIndex }) => nodeIndex);
}
