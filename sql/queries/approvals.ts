import { sql } from 'slonik';
import { z } from 'zod';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { all, cursorOf, olderThan, type Page } from './page.ts';

const approvalRow = mended(
  'approval',
  z.object({
    id: z.string(),
    runId: z.string(),
    workflowId: z.string(),
    workflowName: z.string(),
    agentRunId: z.string(),
    nodeId: z.string(),
    status: z.enum(['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED']),
    message: z.string().nullable(),
    input: z.unknown(),
    roles: z.array(z.string()),
    answerSchema: z.unknown(),
    answer: z.unknown(),
    onTimeout: z.enum(['reject', 'approve']),
    requestedAt: z.date(),
    expiresAt: z.date().nullable(),
    decidedAt: z.date().nullable(),
    respondedBy: z.string().nullable(),
    notes: z.string().nullable(),
    cursor: z.string(),
  }),
);
export type ApprovalRow = z.output<typeof approvalRow>;

const requestedAt = sql.fragment`p."requestedAt"`;
const id = sql.fragment`p.id`;
const COLUMNS = sql.fragment`p.id, p."runId", w."workflowId", w."workflowName", p."agentRunId", p."nodeId", p.status, p.message, p.input, p.roles,
  p."answerSchema", p.answer, p."onTimeout", p."requestedAt", p."expiresAt", p."decidedAt", p."respondedBy", p.notes,
  ${cursorOf(requestedAt, id)} AS cursor`;

export interface ApprovalFilter {
  readonly status?: string | undefined;
  readonly workflowRunId?: string | undefined;
}

/** Newest first. */
export function listApprovals(db: Queryable, filter: ApprovalFilter, page: Page): Promise<readonly ApprovalRow[]> {
  const conditions = [
    olderThan(requestedAt, id, page.cursor),
    ...(filter.status === undefined ? [] : [sql.fragment`p.status = ${filter.status}`]),
    ...(filter.workflowRunId === undefined ? [] : [sql.fragment`p."runId" = ${filter.workflowRunId}`]),
  ];
  return db.any(sql.type(approvalRow)`
    SELECT ${COLUMNS} FROM "Approval" p JOIN "WorkflowRun" w ON w.id = p."runId"
    WHERE ${all(conditions)} ORDER BY p."requestedAt" DESC, p.id DESC LIMIT ${page.limit}`);
}

export function findApproval(db: Queryable, approvalId: string): Promise<ApprovalRow | null> {
  return db.maybeOne(sql.type(approvalRow)`
    SELECT ${COLUMNS} FROM "Approval" p JOIN "WorkflowRun" w ON w.id = p."runId" WHERE p.id = ${approvalId}`);
}
