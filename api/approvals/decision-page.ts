import type { Context } from 'koa';
import type { ApprovalRow } from '../../sql/queries/approvals.ts';
import { escapeHtml, page } from '../console/login-page.ts';
import { allowPage } from '../middleware/headers.ts';

/** The input is shown up to here, in characters. */
const MOST_SHOWN = 20_000;

/** The page on which a link's reader decides. It changes nothing by itself: scanners of mail open every link. */
export function decisionPage(ctx: Context, approval: ApprovalRow, madeFor: string, problem?: string): string {
  const { workflowName, nodeId, runId, message, input, answerSchema, expiresAt, onTimeout } = approval;
  const silence = onTimeout === 'approve' ? 'approved' : 'rejected';
  return asPage(
    ctx,
    `Approve ${nodeId}?`,
    `${problem === undefined ? '' : `<p role="alert" class="alert">${escapeHtml(problem)}</p>`}
    <p>Node <strong>${escapeHtml(nodeId)}</strong> of workflow <strong>${escapeHtml(workflowName)}</strong> waits for a decision
    (run <code>${escapeHtml(runId)}</code>).</p>
    ${message === null ? '' : `<p>${escapeHtml(message)}</p>`}
    ${expiresAt === null ? '' : `<p>Without a decision it is ${silence} at ${expiresAt.toISOString()}.</p>`}
    <details><summary>What the node would run with</summary><pre>${escapeHtml(shown(input))}</pre></details>
    <form method="post">
      ${isAsked(answerSchema) ? answerField(answerSchema) : ''}
      <label for="notes">Notes</label>
      <input id="notes" name="notes" maxlength="8192" autocomplete="off">
      <button type="submit" name="decision" value="APPROVED">Approve</button>
      <button type="submit" name="decision" value="REJECTED">Reject</button>
    </form>
    <p>This link was made for ${escapeHtml(madeFor)} and counts once; the decision will say so.</p>`,
  );
}

/** Where there is nothing (more) to decide. */
export function linkNotice(ctx: Context, title: string, text: string): string {
  return asPage(ctx, title, `<p>${escapeHtml(text)}</p>`);
}

function answerField(schema: unknown): string {
  return `<label for="answer">Answer, as JSON</label>
    <input id="answer" name="answer" autocomplete="off">
    <details><summary>What an answer looks like</summary><pre>${escapeHtml(shown(schema))}</pre></details>`;
}

function isAsked(schema: unknown): boolean {
  return schema !== null && schema !== undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n… (${String(text.length)} characters)` : text;
}

function asPage(ctx: Context, title: string, body: string): string {
  allowPage(ctx, 'page');
  ctx.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex', 'Content-Type': 'text/html; charset=utf-8' });
  return page(title, body);
}
