import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { compilePlan } from '../../flows/compile.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { toStoredVersion } from '../../flows/stored.ts';
import { updateWorkflow } from '../../sql/queries/definitions.ts';
import { findVersion, listVersions as findVersions, type VersionRow } from '../../sql/queries/workflows.ts';
import { audit } from '../audit/audit.ts';
import { integerParameter, LIST_HEADERS, listAnswer } from '../paging.ts';
import type { Api } from '../api.ts';
import { defineRoute } from '../route.ts';
import { factsOf } from './check.ts';
import { diff } from './diff.ts';
import { entityTag } from './entity-tag.ts';
import { requireWorkflow } from './find-workflow.ts';
import { presentVersion, presentWorkflow } from './present.ts';
import { diffSchema, versionNumber, versionParams, versionSchema, workflowParams, workflowSchema } from './schema.ts';
import { tellOfChange } from './tell-of-change.ts';

const tag = 'Workflows';

export const listVersions = defineRoute({
  id: 'listWorkflowVersions',
  method: 'GET',
  path: '/api/workflows/:id/versions',
  scope: 'viewer',
  tag,
  summary: 'The versions of a workflow',
  params: workflowParams,
  query: z.strictObject({ limit: integerParameter(1, 100).default(20), cursor: versionNumber.optional() }),
  responses: { 200: { description: 'Versions, newest first', schema: z.array(versionSchema), headers: LIST_HEADERS } },
  async handle({ params, query: { limit, cursor }, api, ctx }) {
    const { id } = await requireWorkflow(api, params.id);
    const rows = await findVersions(api.db, id, { limit, before: cursor });
    const cursors = rows.map(({ version }) => ({ cursor: String(version) }));
    return listAnswer(ctx, cursors, { limit, body: rows.map(presentVersion) });
  },
});

export const getVersion = defineRoute({
  id: 'getWorkflowVersion',
  method: 'GET',
  path: '/api/workflows/:id/versions/:version',
  scope: 'viewer',
  tag,
  summary: 'A version of a workflow',
  params: versionParams,
  responses: { 200: { description: 'The version', schema: versionSchema } },
  async handle({ params, api }) {
    const { id } = await requireWorkflow(api, params.id);
    return { status: 200, body: presentVersion(await requireVersion(api, id, params.version)) };
  },
});

export const diffVersions = defineRoute({
  id: 'diffWorkflowVersions',
  method: 'GET',
  path: '/api/workflows/:id/versions/:version/diff',
  scope: 'viewer',
  tag,
  summary: 'What a version changed',
  params: versionParams,
  query: z.strictObject({
    from: versionNumber.optional().describe('The version to compare with; default: the one before'),
  }),
  responses: { 200: { description: 'The differences', schema: diffSchema } },
  async handle({ params, query, api }) {
    const { id } = await requireWorkflow(api, params.id);
    const from = query.from ?? Math.max(1, params.version - 1);
    const [before, after] = await Promise.all([requireVersion(api, id, from), requireVersion(api, id, params.version)]);
    return { status: 200, body: { from, to: params.version, changes: diff(before.definition, after.definition) } };
  },
});

export const rollBack = defineRoute({
  id: 'rollBackWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/rollback',
  scope: 'admin',
  tag,
  summary: 'Make an earlier version the current one, as a new version',
  params: workflowParams,
  body: z.strictObject({ version: z.int().min(1).max(999_999_999) }),
  responses: { 200: { description: 'The workflow', schema: workflowSchema } },
  async handle({ params, body, principal, api, ctx }) {
    const row = await requireWorkflow(api, params.id);
    const earlier = await requireVersion(api, row.id, body.version);
    const definition = parseDefinition(earlier.definition);
    await api.db.transaction(async (db) => {
      const stored = toStoredVersion(compilePlan(definition));
      const { version } = await updateWorkflow(db, row.id, factsOf(definition), stored, { createdBy: principal.name });
      const change = { before: { version: row.version }, after: { version, from: body.version } };
      await audit(db, { ctx, principal }, { action: 'rollBackWorkflow', target: row.name, ...change });
    });
    tellOfChange(api, row.id);
    const current = await requireWorkflow(api, row.id);
    return { status: 200, body: presentWorkflow(current), headers: { ETag: entityTag(current) } };
  },
});

async function requireVersion({ db }: Api, workflowId: string, version: number): Promise<VersionRow> {
  const row = await findVersion(db, workflowId, version);
  if (!row) throw new AppError('NOT_FOUND', `The workflow has no version ${String(version)}`);
  return row;
}
