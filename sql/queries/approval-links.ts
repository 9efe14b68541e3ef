import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

const approvalLink = z.object({
  id: z.string(),
  approvalId: z.string(),
  runId: z.string(),
  nodeId: z.string(),
  madeFor: z.string(),
  expiresAt: z.date(),
  usedAt: z.date().nullable(),
});
export type ApprovalLinkRow = z.output<typeof approvalLink>;

/**
 * Makes a link to an approval that waits; null where it does not wait (any more). It lasts no longer than the approval.
 * @param madeFor who decides by it, as the decision will say
 */
export function insertApprovalLink(
  db: Queryable,
  link: { readonly approvalId: string; readonly madeFor: string; readonly madeBy: string; readonly seconds: number },
): Promise<ApprovalLinkRow | null> {
  return db.maybeOne(sql.type(approvalLink)`
    WITH made AS (
      INSERT INTO "ApprovalLink" ("approvalId", "madeFor", "madeBy", "expiresAt")
      SELECT id, ${link.madeFor}, ${link.madeBy}, least(now() + ${link.seconds} * interval '1 second', "expiresAt")
      FROM "Approval" WHERE id = ${link.approvalId} AND status = 'PENDING' RETURNING *
    )
    SELECT m.id, m."approvalId", p."runId", p."nodeId", m."madeFor", m."expiresAt", m."usedAt"
    FROM made m JOIN "Approval" p ON p.id = m."approvalId"`);
}

export function findApprovalLink(db: Queryable, id: string): Promise<ApprovalLinkRow | null> {
  return db.maybeOne(sql.type(approvalLink)`
    SELECT l.id, l."approvalId", p."runId", p."nodeId", l."madeFor", l."expiresAt", l."usedAt"
    FROM "ApprovalLink" l JOIN "Approval" p ON p.id = l."approvalId" WHERE l.id = ${id}`);
}

const announcement = z.object({
  approvalId: z.string(),
  announce: z.string(),
  runId: z.string(),
  workflowName: z.string(),
  projectId: z.string(),
  nodeId: z.string(),
  message: z.string().nullable(),
  input: z.any(),
  roles: z.array(z.string()),
  requestedAt: z.date(),
  expiresAt: z.date().nullable(),
  /** The run that asks was started by an announcement itself. */
  isAnnouncement: z.boolean(),
});
export type Announcement = z.output<typeof announcement>;

/** Approvals that wait and that nobody was told of yet. */
export function findUnannounced(db: Queryable, limit: number): Promise<readonly Announcement[]> {
  return db.any(sql.type(announcement)`
    SELECT p.id AS "approvalId", p.announce, p."runId", w."workflowName", w."projectId", p."nodeId", p.message, p.input, p.roles,
      p."requestedAt", p."expiresAt", w.trigger ? 'approvalId' AS "isAnnouncement"
    FROM "Approval" p JOIN "WorkflowRun" w ON w.id = p."runId"
    WHERE p.status = 'PENDING' AND p.announce IS NOT NULL AND p."announcedAt" IS NULL ORDER BY p."requestedAt" LIMIT ${limit}`);
}

export async function markAnnounced(db: Queryable, approvalId: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`UPDATE "Approval" SET "announcedAt" = now() WHERE id = ${approvalId}`);
}
