import { z } from 'zod';
import { listAuditEntries } from '../../sql/queries/audit.ts';
import { time } from '../identifiers.ts';
import { LIST_HEADERS, listAnswer, pageQuery } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { unreadableField } from '../unreadable.ts';

const entry = z
  .strictObject({
    id: z.int(),
    at: time,
    actor: z.string(),
    scope: z.string(),
    action: z.string().describe('The operation’s name in this document'),
    target: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    ...unreadableField,
  })
  .meta({ id: 'AuditEntry' });

const filter = z.string().min(1).max(256).optional();

export const listAudit = defineRoute({
  id: 'listAuditEntries',
  method: 'GET',
  path: '/api/audit',
  scope: 'admin',
  tag: 'Audit',
  summary: 'Who changed what',
  description:
    'Append-only. Following the Link header exports it whole. Who started a run stands in the run, not here.',
  query: z.strictObject({ ...pageQuery, actor: filter, action: filter, target: filter }),
  responses: { 200: { description: 'Entries, newest first', schema: z.array(entry), headers: LIST_HEADERS } },
  async handle({ query: { limit, cursor, ...what }, api, ctx }) {
    const rows = await listAuditEntries(api.db, what, { limit, cursor });
    const cursors = rows.map(({ id }) => ({ cursor: String(id) }));
    return listAnswer(ctx, cursors, { limit, body: rows.map((row) => ({ ...row, at: row.at.toISOString() })) });
  },
});
