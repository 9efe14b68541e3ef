import { sql } from 'slonik';
import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import type { Queryable } from '../pool.ts';

const approvalRules = z.object({
  nodeId: z.string(),
  status: z.string(),
  roles: z.array(z.string()),
  answerSchema: z.custom<JsonObject>().nullable(),
});
/** Who may decide an approval, and what an answer must look like. */
export type ApprovalRules = z.infer<typeof approvalRules>;

export async function findApprovalRules(db: Queryable, approvalId: string): Promise<ApprovalRules | null> {
  return db.maybeOne(
    sql.type(approvalRules)`SELECT "nodeId", status, roles, "answerSchema" FROM "Approval" WHERE id = ${approvalId}`,
  );
}
