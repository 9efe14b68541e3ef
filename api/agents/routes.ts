import { z } from 'zod';
import { AppError, type Problem } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { imageProblem } from '../../flows/image-policy.ts';
import { schemaProblem } from '../../flows/json-schema.ts';
import * as query from '../../sql/queries/agents.ts';
import { audit } from '../audit/audit.ts';
import { LIST_HEADERS, listAnswer, pageQuery } from '../paging.ts';
import { defineRoute, type Answer, type Call } from '../route.ts';
import { presentAgent } from './present.ts';
import { agentFields, agentParams, agentSchema } from './schema.ts';

const tag = 'Agents';
const agent = { description: 'The agent', schema: agentSchema };

export const listAgents = defineRoute({
  id: 'listAgents',
  method: 'GET',
  path: '/api/agents',
  scope: 'viewer',
  tag,
  summary: 'The registered agents',
  query: z.strictObject(pageQuery),
  responses: { 200: { description: 'Agents, newest first', schema: z.array(agentSchema), headers: LIST_HEADERS } },
  async handle({ query: { limit, cursor }, api, ctx }) {
    const rows = await query.listAgents(api.db, { limit, cursor });
    return listAnswer(ctx, rows, { limit, body: rows.map(presentAgent) });
  },
});

export const createAgent = defineRoute({
  id: 'createAgent',
  method: 'POST',
  path: '/api/agents',
  scope: 'admin',
  tag,
  summary: 'Register an agent',
  description: 'Agents in AGENTS_DIR register themselves; this is for those that exist as an image only.',
  body: agentFields,
  responses: {
    201: { ...agent, headers: { Location: 'The agent' } },
    409: { description: 'The name is taken' },
  },
  async handle({ body, principal, api, ctx }) {
    const fields = fieldsOf(body, api.config);
    const row = await api.db.transaction(async (db) => {
      const created = await query.insertAgent(db, fields);
      await audit(db, { ctx, principal }, { action: 'createAgent', target: created.name, after: { ...fields } });
      return created;
    });
    return { status: 201, body: presentAgent(row), headers: { Location: `/api/agents/${row.id}` } };
  },
});

export const getAgent = defineRoute({
  id: 'getAgent',
  method: 'GET',
  path: '/api/agents/:id',
  scope: 'viewer',
  tag,
  summary: 'An agent',
  params: agentParams,
  responses: { 200: agent },
  handle: async ({ params, api }) => ({ status: 200, body: presentAgent(await requireAgent(api, params.id)) }),
});

export const updateAgent = defineRoute({
  id: 'updateAgent',
  method: 'PUT',
  path: '/api/agents/:id',
  scope: 'admin',
  tag,
  summary: 'Change an agent',
  params: agentParams,
  body: agentFields,
  responses: { 200: agent, 409: { description: 'The name is taken, or workflows use the old one' } },
  async handle({ params, body, principal, api, ctx }) {
    const before = await requireAgent(api, params.id);
    const fields = fieldsOf(body, api.config);
    if (fields.name !== before.name) await refuseInUse(api, before.name, 'renamed');
    const row = await api.db.transaction(async (db) => {
      const changed = await query.updateAgent(db, before.id, fields);
      if (!changed) throw noSuchAgent(params.id);
      const { name, version, riskLevel } = before;
      await audit(
        db,
        { ctx, principal },
        { action: 'updateAgent', target: name, before: { name, version, riskLevel }, after: { ...fields } },
      );
      return changed;
    });
    return { status: 200, body: presentAgent(row) };
  },
});

export const deleteAgent = defineRoute({
  id: 'deleteAgent',
  method: 'DELETE',
  path: '/api/agents/:id',
  scope: 'admin',
  tag,
  summary: 'Unregister an agent',
  params: agentParams,
  responses: { 204: { description: 'Unregistered' }, 409: { description: 'Workflows use it' } },
  async handle({ params, principal, api, ctx }) {
    const before = await requireAgent(api, params.id);
    await refuseInUse(api, before.name, 'unregistered');
    await api.db.transaction(async (db) => {
      await query.deleteAgent(db, before.id);
      await audit(
        db,
        { ctx, principal },
        { action: 'deleteAgent', target: before.name, before: { id: before.id, version: before.version } },
      );
    });
    return { status: 204 };
  },
});

const paused = { 200: agent, 409: { description: 'It is so already' } };

export const pauseAgent = defineRoute({
  id: 'pauseAgent',
  method: 'POST',
  path: '/api/agents/:id/pause',
  scope: 'operator',
  tag,
  summary: 'Pause an agent: its nodes wait',
  params: agentParams,
  body: z.strictObject({}).optional(),
  responses: paused,
  handle: (call) => pause(call, true),
});

export const resumeAgent = defineRoute({
  id: 'resumeAgent',
  method: 'POST',
  path: '/api/agents/:id/resume',
  scope: 'operator',
  tag,
  summary: 'Resume a paused agent',
  params: agentParams,
  body: z.strictObject({}).optional(),
  responses: paused,
  handle: (call) => pause(call, false),
});

async function pause({ params, principal, api, ctx }: Call<{ id: string }>, isPaused: boolean): Promise<Answer> {
  const { id, name } = await requireAgent(api, params.id);
  const row = await query.pauseAgent(api.db, id, isPaused, principal.name);
  if (!row) throw new AppError('CONFLICT', `Agent ${name} is ${isPaused ? 'paused already' : 'not paused'}`);
  await audit(api.db, { ctx, principal }, { action: isPaused ? 'pauseAgent' : 'resumeAgent', target: name });
  return { status: 200, body: presentAgent(row) };
}

async function requireAgent({ db }: Call['api'], idOrName: string): Promise<query.AgentRow> {
  const row = await query.findAgent(db, idOrName);
  if (!row) throw noSuchAgent(idOrName);
  return row;
}

function noSuchAgent(idOrName: string): AppError {
  return new AppError('NOT_FOUND', `There is no agent ${idOrName}`);
}

async function refuseInUse({ db }: Call['api'], name: string, what: string): Promise<void> {
  const users = await query.workflowsUsingAgent(db, name);
  if (users.length === 0) return;
  throw new AppError(
    'CONFLICT',
    `Agent ${name} cannot be ${what}: used by ${users.join(', ')}. Change those workflows first.`,
  );
}

function fieldsOf(
  body: z.output<typeof agentFields>,
  { agentImageSources }: Pick<Call['api']['config'], 'agentImageSources'>,
): query.AgentFields {
  const image = typeof body.image === 'string' ? imageProblem(body.image, agentImageSources) : null;
  const problems = [
    ...usableSchema('inputSchema', body.inputSchema),
    ...usableSchema('outputSchema', body.outputSchema),
    ...(image === null ? [] : [{ path: 'image', message: image }]),
  ];
  if (problems.length > 0) throw new AppError('INVALID_INPUT', 'The agent is not usable.', { problems });
  return {
    name: body.name,
    version: body.version,
    description: body.description ?? null,
    riskLevel: body.riskLevel,
    inputSchema: body.inputSchema as JsonObject,
    outputSchema: body.outputSchema as JsonObject,
    image: body.image ?? null,
    manifest: body.manifest as JsonObject,
    maxConcurrent: body.maxConcurrent ?? null,
  };
}

function usableSchema(path: string, schema: Record<string, unknown>): Problem[] {
  const problem = schemaProblem(schema);
  return problem === null ? [] : [{ path, message: `Not a usable JSON Schema: ${problem}` }];
}
