import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { linkAddress, readLink } from '../../flows/approval-link.ts';
import { mayDecide } from '../../flows/approval-roles.ts';
import { findApprovalLink, insertApprovalLink, type ApprovalLinkRow } from '../../sql/queries/approval-links.ts';
import { findApproval, type ApprovalRow } from '../../sql/queries/approvals.ts';
import type { Api } from '../api.ts';
import { audit } from '../audit/audit.ts';
import { deciderOf } from '../auth/principal.ts';
import { time, uuid } from '../identifiers.ts';
import { readJson } from '../middleware/read-body.ts';
import { defineRoute, type Answer } from '../route.ts';
import { decisionPage, linkNotice } from './decision-page.ts';

const tag = 'Approvals';
const LONGEST_SECONDS = 30 * 24 * 3600;

const linkSchema = z
  .strictObject({ id: uuid, url: z.url(), for: z.string(), expiresAt: time })
  .meta({ id: 'ApprovalLink' });

export const createApprovalLink = defineRoute({
  id: 'createApprovalLink',
  method: 'POST',
  path: '/api/approvals/:id/links',
  scope: 'approver',
  tag,
  summary: 'Make a link by which one person decides without a login',
  description:
    'For callers who may decide it themselves. Whoever has the link may decide, once, until it expires or the approval is decided; ' +
    'opening it shows the approval and decides nothing. The decision says whom the link was made for. Needs APPROVAL_LINK_KEY.',
  params: z.strictObject({ id: uuid }),
  body: z.strictObject({
    for: z.string().trim().min(1).max(128).describe('Who will decide by it'),
    expiresInSeconds: z
      .int()
      .min(1)
      .max(LONGEST_SECONDS)
      .default(24 * 3600),
  }),
  responses: {
    201: { description: 'The link: it is shown this once', schema: linkSchema },
    409: { description: 'It is decided already, or no key is configured' },
  },
  async handle({ params: { id }, body: { for: madeFor, expiresInSeconds }, principal, api, ctx }) {
    const { publicUrl, approvalLinkKey: key } = api.config;
    if (key === undefined) throw new AppError('CONFLICT', 'There are no links without a key: set APPROVAL_LINK_KEY');
    const approval = await findApproval(api.db, id);
    if (!approval) throw new AppError('NOT_FOUND', `There is no approval ${id}`);
    if (!mayDecide(approval.roles, deciderOf(principal)))
      throw new AppError('FORBIDDEN', `Node ${approval.nodeId} may be decided by ${approval.roles.join(', ')} only`);
    const made = { approvalId: id, madeFor, madeBy: principal.name, seconds: expiresInSeconds };
    const link = await insertApprovalLink(api.db, made);
    if (!link) throw new AppError('CONFLICT', `Approval ${id} is decided already: it is ${approval.status}`);
    const expiresAt = link.expiresAt.toISOString();
    await audit(
      api.db,
      { ctx, principal },
      { action: 'createApprovalLink', target: id, after: { link: link.id, for: madeFor, expiresAt } },
    );
    const url = linkAddress(claimsOf(link), publicUrl, key);
    return { status: 201, body: { id: link.id, url, for: madeFor, expiresAt } };
  },
});

const linkParams = z.strictObject({ link: z.string().max(2_048) });
const html = 'text/html; charset=utf-8';

export const openApprovalLink = defineRoute({
  id: 'openApprovalLink',
  method: 'GET',
  path: '/decide/:link',
  scope: 'public',
  tag,
  summary: 'The page of a link: what is to be decided',
  description: 'Decides nothing, however often it is opened.',
  params: linkParams,
  responses: {
    200: { description: 'What waits, with a form', contentType: html },
    404: { description: 'The link is not one of this service', contentType: html },
    410: { description: 'It was used, its time is over, or the approval is decided', contentType: html },
  },
  async handle({ params, api, ctx }) {
    const found = await follow(api, params.link);
    if (found === null) return { status: 404, body: linkNotice(ctx, 'Unknown link', UNKNOWN) };
    const over = whyOver(found);
    if (over !== null) return { status: 410, body: linkNotice(ctx, 'Nothing to decide', over) };
    return { status: 200, body: decisionPage(ctx, found.approval, found.link.madeFor) };
  },
});

export const decideByLink = defineRoute({
  id: 'decideByLink',
  method: 'POST',
  path: '/decide/:link',
  scope: 'public',
  tag,
  summary: 'Approve or reject by a link',
  description: 'What the page of the link sends. A link counts once.',
  params: linkParams,
  body: z.strictObject({
    decision: z.enum(['APPROVED', 'REJECTED']),
    notes: z.string().max(8_192).optional(),
    answer: z.string().max(100_000).optional().describe('JSON, where the approval asks for an answer'),
  }),
  bodyMode: 'form',
  responses: {
    200: { description: 'Decided', contentType: html },
    400: { description: 'The answer does not fit: the form again', contentType: html },
    404: { description: 'The link is not one of this service', contentType: html },
    410: { description: 'It was used, its time is over, or the approval is decided', contentType: html },
  },
  async handle({ params, body: { decision, notes, answer }, api, ctx }): Promise<Answer> {
    const found = await follow(api, params.link);
    if (found === null) return { status: 404, body: linkNotice(ctx, 'Unknown link', UNKNOWN) };
    const over = whyOver(found);
    if (over !== null) return { status: 410, body: linkNotice(ctx, 'Nothing to decide', over) };
    const { link, approval } = found;
    const respondedBy = `link for ${link.madeFor}`;
    try {
      await api.control.decide(link.approvalId, {
        ...{ decision, respondedBy, who: 'entitled', linkId: link.id },
        ...(notes !== undefined && notes !== '' && { notes }),
        ...(answer !== undefined && answer !== '' && { answer: readJson(answer) as Json }),
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'CONFLICT') return { status: 410, body: linkNotice(ctx, 'Nothing to decide', error.message) };
      if (error.code !== 'INVALID_INPUT') throw error;
      return { status: 400, body: decisionPage(ctx, approval, link.madeFor, explain(error)) };
    }
    const principal = { name: respondedBy, scope: 'approver', via: 'anonymous' } as const;
    const change = { action: 'decideByLink', target: link.approvalId, after: { status: decision, link: link.id } };
    await audit(api.db, { ctx, principal }, change);
    const done = decision === 'APPROVED' ? 'Approved' : 'Rejected';
    return { status: 200, body: linkNotice(ctx, done, `Node ${link.nodeId} is ${done.toLowerCase()}. Thank you.`) };
  },
});

interface Followed {
  readonly link: ApprovalLinkRow;
  readonly approval: ApprovalRow;
}

const UNKNOWN =
  'This is no link of this service: part of it may be missing, or the key that signed it is not in use any more.';

/** What the link leads to; null where it was not signed by this service, or everything of it is deleted. */
async function follow({ config, db }: Api, token: string): Promise<Followed | null> {
  const claims = config.approvalLinkKey === undefined ? null : readLink(token, config.approvalLinkKey);
  if (claims === null) return null;
  const link = await findApprovalLink(db, claims.link);
  const approval = await findApproval(db, claims.approval);
  return link && approval?.id === link.approvalId ? { link, approval } : null;
}

function whyOver({ link, approval }: Followed): string | null {
  const { status, respondedBy, nodeId } = approval;
  if (status !== 'PENDING') return `Node ${nodeId} is decided already: it is ${status} (${respondedBy ?? 'nobody'}).`;
  return link.expiresAt.getTime() > Date.now()
    ? null
    : `The time of this link is over since ${link.expiresAt.toISOString()}.`;
}

function explain({ message, problems }: AppError): string {
  return [message, ...problems.map((problem) => `${problem.path}: ${problem.message}`)].join(' · ');
}

function claimsOf({ id, approvalId, runId, nodeId, expiresAt }: ApprovalLinkRow) {
  const expires = Math.floor(expiresAt.getTime() / 1000);
  return { link: id, approval: approvalId, run: runId, node: nodeId, expires };
}
