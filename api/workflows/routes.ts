import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { toStoredVersion } from '../../flows/stored.ts';
import {
  createWorkflow as storeWorkflow,
  deleteWorkflow as removeWorkflow,
  updateWorkflow as storeVersion,
} from '../../sql/queries/definitions.ts';
import { listWorkflows as findWorkflows, pauseWorkflow as setPaused } from '../../sql/queries/workflows.ts';
import { audit } from '../audit/audit.ts';
import { LIST_HEADERS, listAnswer, pageQuery } from '../paging.ts';
import { nameSchema } from '../../flows/names.ts';
import { refuseOneWorkflowMore } from '../limits/routes.ts';
import { defineRoute, type Answer, type Call } from '../route.ts';
import { checkSent, factsOf } from './check.ts';
import { entityTag, isUnchanged, versionOfIfMatch } from './entity-tag.ts';
import { requireWorkflow } from './find-workflow.ts';
import { presentWorkflow } from './present.ts';
import { definitionBody, workflowParams, workflowSchema } from './schema.ts';
import { tellOfChange } from './tell-of-change.ts';

const tag = 'Workflows';
const ETAG = { ETag: 'The version, for If-Match' };
const workflow = { description: 'The workflow', schema: workflowSchema, headers: ETAG };

export const createWorkflow = defineRoute({
  id: 'createWorkflow',
  method: 'POST',
  path: '/api/workflows',
  scope: 'admin',
  tag,
  summary: 'Store a workflow',
  body: definitionBody,
  responses: {
    201: { ...workflow, headers: { ...ETAG, Location: 'The workflow' } },
    409: { description: 'The project has a workflow of this name, or as many as it may have' },
  },
  async handle({ body, principal, api, ctx }) {
    const { definition, plan } = await checkSent(api, body);
    const id = await api.db.transaction(async (db) => {
      await refuseOneWorkflowMore(db, definition.projectId, api);
      const created = await storeWorkflow(db, factsOf(definition), toStoredVersion(plan), principal.name);
      await audit(db, { ctx, principal }, { action: 'createWorkflow', target: definition.name, after: { ...created } });
      return created.id;
    });
    tellOfChange(api, id);
    const answer = await workflowAnswer(api, id, 201);
    return { ...answer, headers: { ...answer.headers, Location: `/api/workflows/${id}` } };
  },
});

export const listWorkflows = defineRoute({
  id: 'listWorkflows',
  method: 'GET',
  path: '/api/workflows',
  scope: 'viewer',
  tag,
  summary: 'All workflows',
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']).optional(),
    projectId: nameSchema.optional(),
    q: z.string().min(1).max(200).optional().describe('Part of the name or the description'),
  }),
  responses: {
    200: { description: 'Workflows, newest first', schema: z.array(workflowSchema), headers: LIST_HEADERS },
  },
  async handle({ query: { limit, cursor, ...filter }, api, ctx }) {
    const rows = await findWorkflows(api.db, filter, { limit, cursor });
    return listAnswer(ctx, rows, { limit, body: rows.map(presentWorkflow) });
  },
});

export const getWorkflow = defineRoute({
  id: 'getWorkflow',
  method: 'GET',
  path: '/api/workflows/:id',
  scope: 'viewer',
  tag,
  summary: 'A workflow with its current definition',
  params: workflowParams,
  responses: { 200: workflow, 304: { description: 'It is at the version of If-None-Match still' } },
  headers: { 'If-None-Match': 'The ETag of an answer before' },
  async handle({ params, api, ctx }) {
    const row = await requireWorkflow(api, params.id);
    if (isUnchanged(ctx.get('if-none-match'), row)) return { status: 304, headers: { ETag: entityTag(row) } };
    return { status: 200, body: presentWorkflow(row), headers: { ETag: entityTag(row) } };
  },
});

export const updateWorkflow = defineRoute({
  id: 'updateWorkflow',
  method: 'PUT',
  path: '/api/workflows/:id',
  scope: 'admin',
  tag,
  summary: 'Change a workflow: store its next version',
  description:
    'Runs under way keep the version they started with. Fields that only we set (id, version, times) are ignored.',
  params: workflowParams,
  headers: { 'If-Match': 'The ETag that the change was made from; another version since is answered 412' },
  body: definitionBody,
  responses: {
    200: workflow,
    409: { description: 'The project has another workflow of this name' },
    412: { description: 'The workflow is at another version than If-Match says' },
  },
  async handle({ params, body, principal, api, ctx }) {
    const row = await requireWorkflow(api, params.id);
    const ifVersion = versionOfIfMatch(ctx.get('if-match'), row);
    const { definition, plan } = await checkSent(api, withoutOurs(body));
    if (definition.projectId !== row.projectId)
      throw new AppError('CONFLICT', `Workflow ${row.name} belongs to project ${row.projectId}: it cannot move.`);
    await api.db.transaction(async (db) => {
      const options = { createdBy: principal.name, ...(ifVersion !== undefined && { ifVersion }) };
      const { version } = await storeVersion(db, row.id, factsOf(definition), toStoredVersion(plan), options);
      const change = {
        before: { version: row.version, status: row.status },
        after: { version, status: definition.status },
      };
      await audit(db, { ctx, principal }, { action: 'updateWorkflow', target: definition.name, ...change });
    });
    tellOfChange(api, row.id);
    return workflowAnswer(api, row.id, 200);
  },
});

export const deleteWorkflow = defineRoute({
  id: 'deleteWorkflow',
  method: 'DELETE',
  path: '/api/workflows/:id',
  scope: 'admin',
  tag,
  summary: 'Delete a workflow',
  description: 'Its runs stay, with their snapshot of the definition.',
  params: workflowParams,
  responses: { 204: { description: 'Deleted' }, 409: { description: 'Runs are open' } },
  async handle({ params, principal, api, ctx }) {
    const row = await requireWorkflow(api, params.id);
    await api.db.transaction(async (db) => {
      await removeWorkflow(db, row.id);
      await audit(
        db,
        { ctx, principal },
        { action: 'deleteWorkflow', target: row.name, before: { id: row.id, version: row.version } },
      );
    });
    tellOfChange(api, row.id);
    return { status: 204 };
  },
});

const paused = { 200: workflow, 409: { description: 'It is so already' } };

export const pauseWorkflow = defineRoute({
  id: 'pauseWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/pause',
  scope: 'operator',
  tag,
  summary: 'Pause a workflow: new runs are refused, by hand and by triggers',
  params: workflowParams,
  body: z.strictObject({}).optional(),
  responses: paused,
  handle: (call) => pause(call, true),
});

export const resumeWorkflow = defineRoute({
  id: 'resumeWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/resume',
  scope: 'operator',
  tag,
  summary: 'Resume a paused workflow',
  params: workflowParams,
  body: z.strictObject({}).optional(),
  responses: paused,
  handle: (call) => pause(call, false),
});

async function pause({ params, principal, api, ctx }: Call<{ id: string }>, isPaused: boolean): Promise<Answer> {
  const row = await requireWorkflow(api, params.id);
  const changed = await setPaused(api.db, row.id, isPaused, principal.name);
  if (!changed) throw new AppError('CONFLICT', `Workflow ${row.name} is ${isPaused ? 'paused already' : 'not paused'}`);
  await audit(api.db, { ctx, principal }, { action: isPaused ? 'pauseWorkflow' : 'resumeWorkflow', target: row.name });
  tellOfChange(api, row.id);
  return workflowAnswer(api, row.id, 200);
}

async function workflowAnswer(api: Call['api'], id: string, status: number): Promise<Answer> {
  const row = await requireWorkflow(api, id);
  return { status, body: presentWorkflow(row), headers: { ETag: entityTag(row) } };
}

const OURS = ['id', 'version', 'pausedAt', 'pausedBy', 'createdAt', 'updatedAt'];

/** So that what GET gave can be changed and sent back. */
function withoutOurs(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !OURS.includes(field)));
}
