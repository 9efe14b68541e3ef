import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { all, badCursor, type Page } from './page.ts';

export interface AuditEntry {
  readonly actor: string;
  readonly scope: string;
  /** The operation's name in the OpenAPI document. */
  readonly action: string;
  readonly target: string | undefined;
  readonly before?: Json;
  readonly after?: Json;
  readonly address: string;
  readonly requestId: string;
}

export async function insertAuditEntry(db: Queryable, entry: AuditEntry): Promise<void> {
  await db.query(sql.unsafe`
    INSERT INTO "AuditLog" (actor, scope, action, target, before, after, address, "requestId")
    VALUES (${entry.actor}, ${entry.scope}, ${entry.action}, ${entry.target ?? null}, ${jsonOrNull(entry.before)},
      ${jsonOrNull(entry.after)}, ${entry.address}, ${entry.requestId})`);
}

function jsonOrNull(value: Json | undefined) {
  return value === undefined ? null : sql.jsonb(value);
}

const auditRow = mended(
  'audit_entry',
  z.object({
    id: z.number(),
    at: z.date(),
    actor: z.string(),
    scope: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
  }),
);
export type AuditRow = z.output<typeof auditRow>;

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
}

/** Newest first; the cursor is the last row's id. */
export function listAuditEntries(db: Queryable, filter: AuditFilter, page: Page): Promise<readonly AuditRow[]> {
  if (page.cursor !== undefined && !/^\d{1,15}$/.test(page.cursor)) throw badCursor();
  const conditions = [
    ...(filter.actor === undefined ? [] : [sql.fragment`actor = ${filter.actor}`]),
    ...(filter.action === undefined ? [] : [sql.fragment`action = ${filter.action}`]),
    ...(filter.target === undefined ? [] : [sql.fragment`target = ${filter.target}`]),
    ...(page.cursor === undefined ? [] : [sql.fragment`id < ${Number(page.cursor)}`]),
  ];
  return db.any(sql.type(auditRow)`
    SELECT id, at, actor, scope, action, target, before, after, address, "requestId"
    FROM "AuditLog" WHERE ${all(conditions)} ORDER BY id DESC LIMIT ${page.limit}`);
}
