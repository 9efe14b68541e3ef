import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { findApproval, listApprovals as findApprovals, type ApprovalRow } from '../../sql/queries/approvals.ts';
import { audit } from '../audit/audit.ts';
import { deciderOf, isNamed } from '../auth/principal.ts';
import { time, uuid } from '../identifiers.ts';
import { LIST_HEADERS, listAnswer, pageQuery } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { unreadableField } from '../unreadable.ts';

const tag = 'Approvals';
const APPROVAL_STATUSES = ['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED'] as const;

const approvalSchema = z
  .strictObject({
    id: uuid,
    workflowRunId: uuid,
    workflowId: uuid,
    workflowName: z.string(),
    agentRunId: uuid,
    nodeId: z.string(),
    status: z.enum(APPROVAL_STATUSES),
    message: z.string().nullable(),
    input: z.unknown().describe('What the node would run with'),
    roles: z
      .array(z.string())
      .describe(
        'Who may decide: scopes, and names of tokens (`name:alice`); anybody with the scope approver where empty',
      ),
    answerSchema: z.unknown(),
    answer: z.unknown(),
    onTimeout: z.enum(['reject', 'approve']),
    requestedAt: time,
    expiresAt: time.nullable(),
    decidedAt: time.nullable(),
    respondedBy: z.string().nullable(),
    notes: z.string().nullable(),
    ...unreadableField,
  })
  .meta({ id: 'Approval' });

export const listApprovals = defineRoute({
  id: 'listApprovals',
  method: 'GET',
  path: '/api/approvals',
  scope: 'viewer',
  tag,
  summary: 'What waits for a person, or did',
  query: z.strictObject({ ...pageQuery, status: z.enum(APPROVAL_STATUSES).optional(), workflowRunId: uuid.optional() }),
  responses: {
    200: { description: 'Approvals, newest first', schema: z.array(approvalSchema), headers: LIST_HEADERS },
  },
  async handle({ query: { limit, cursor, ...filter }, api, ctx }) {
    const rows = await findApprovals(api.db, filter, { limit, cursor });
    return listAnswer(ctx, rows, { limit, body: rows.map(presentApproval) });
  },
});

const approvalParams = z.strictObject({ id: uuid });

export const getApproval = defineRoute({
  id: 'getApproval',
  method: 'GET',
  path: '/api/approvals/:id',
  scope: 'viewer',
  tag,
  summary: 'An approval',
  params: approvalParams,
  responses: { 200: { description: 'The approval', schema: approvalSchema } },
  async handle({ params, api }) {
    const row = await findApproval(api.db, params.id);
    if (!row) throw new AppError('NOT_FOUND', `There is no approval ${params.id}`);
    return { status: 200, body: presentApproval(row) };
  },
});

const decisionBody = z.strictObject({
  decision: z.enum(['APPROVED', 'REJECTED']),
  respondedBy: z.string().min(1).max(256).optional().describe('Ignored where a token says who decides'),
  notes: z.string().max(8_192).optional(),
  answer: z.unknown().optional().describe('What the node asked for by its `approval.schema`'),
});

export const decideApproval = defineRoute({
  id: 'decideApproval',
  method: 'POST',
  path: '/api/approvals/:id/decision',
  scope: 'approver',
  tag,
  summary: 'Approve or reject',
  description: 'REJECTED fails the node and the run. A second decision is refused.',
  params: approvalParams,
  body: decisionBody,
  responses: {
    200: { description: 'Decided', schema: approvalSchema },
    409: { description: 'It is decided already, or the run has ended' },
  },
  async handle({ params, body: { decision, notes, answer, respondedBy: claimed }, principal, api, ctx }) {
    const respondedBy = isNamed(principal) ? principal.name : (claimed ?? principal.name);
    const { status } = await api.control.decide(params.id, {
      decision,
      respondedBy,
      who: deciderOf(principal),
      ...(notes !== undefined && { notes }),
      ...(answer !== undefined && { answer: answer as Json }),
    });
    await audit(
      api.db,
      { ctx, principal },
      { action: 'decideApproval', target: params.id, after: { status, respondedBy } },
    );
    const row = await findApproval(api.db, params.id);
    if (!row) throw new AppError('NOT_FOUND', `There is no approval ${params.id}`);
    return { status: 200, body: presentApproval(row) };
  },
});

function presentApproval({
  cursor: _,
  runId,
  requestedAt,
  expiresAt,
  decidedAt,
  ...row
}: ApprovalRow): z.output<typeof approvalSchema> {
  return {
    ...row,
    workflowRunId: runId,
    requestedAt: requestedAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}
