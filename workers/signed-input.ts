import type { Json, JsonObject } from '../contracts/json.ts';
import { approvalAddress, linkAddress, type LinkSettings } from '../flows/approval-link.ts';
import type { Database } from '../sql/pool.ts';
import { insertApprovalLink } from '../sql/queries/approval-links.ts';

/** What the link that an announcement carries is good for, should the approval wait for longer. */
const LINK_SECONDS = 7 * 24 * 3600;

export interface SignedInput {
  readonly input: JsonObject;
  /** To be masked wherever the agent prints it: whoever reads it could decide. */
  readonly link?: string;
}

/**
 * The input as an agent gets it. In a run that announces an approval, the approval's address becomes a link that decides; what is
 * stored and shown keeps the address, which asks for a login. Elsewhere it is the input as it is.
 * @param run the facts of the agent's run: its trigger says whether it announces something
 */
export async function signInput(
  input: JsonObject,
  run: unknown,
  { db, links }: { readonly db: Database; readonly links: LinkSettings },
): Promise<SignedInput> {
  const approvalId = announcedBy(run);
  const { publicUrl, key } = links;
  if (approvalId === null || key === undefined) return { input };
  const address = approvalAddress(approvalId, publicUrl);
  if (!JSON.stringify(input).includes(address)) return { input };
  const { workflow } = run as { workflow?: unknown };
  const made = { approvalId, madeFor: `readers of ${String(workflow)}`, madeBy: 'announcement', seconds: LINK_SECONDS };
  const row = await insertApprovalLink(db, made);
  if (row === null) return { input };
  const { id, runId, nodeId, expiresAt } = row;
  const claims = { link: id, approval: approvalId, run: runId, node: nodeId, expires: secondsOf(expiresAt) };
  const link = linkAddress(claims, publicUrl, key);
  return { input: replaceIn(input, address, link) as JsonObject, link };
}

function announcedBy(run: unknown): string | null {
  const { trigger } = (run ?? {}) as { trigger?: { type?: unknown; approvalId?: unknown } | null };
  return trigger?.type === 'workflow' && typeof trigger.approvalId === 'string' ? trigger.approvalId : null;
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function replaceIn(value: Json, from: string, to: string): Json {
  if (typeof value === 'string') return value.replaceAll(from, to);
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaceIn(inner, from, to)]));
}
