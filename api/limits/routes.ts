import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { nameSchema } from '../../flows/names.ts';
import type { Queryable } from '../../sql/pool.ts';
import * as query from '../../sql/queries/project-limits.ts';
import type { Api } from '../api.ts';
import { audit } from '../audit/audit.ts';
import { time } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { limitOf } from './most.ts';

const tag = 'Limits';
const MOST = 10_000_000;

const limitsSchema = z
  .strictObject({
    projectId: z.string(),
    openRuns: z.int().describe('Runs that have not ended, those of triggers included'),
    maxOpenRuns: z.int().nullable().describe('What holds; null: no limit'),
    workflows: z.int(),
    maxWorkflows: z.int().nullable().describe('What holds; null: no limit'),
    own: z
      .strictObject({ maxOpenRuns: z.int().nullable(), maxWorkflows: z.int().nullable() })
      .describe('The project’s own limits: 0 is none, null the default of the environment'),
    updatedBy: z.string().nullable(),
    updatedAt: time.nullable(),
  })
  .meta({ id: 'ProjectLimits' });

const limitsParams = z.strictObject({ projectId: nameSchema });

export const listLimits = defineRoute({
  id: 'listLimits',
  method: 'GET',
  path: '/api/limits',
  scope: 'viewer',
  tag,
  summary: 'What projects have, and how much they may have',
  description: 'By name, the first 1,000 projects.',
  responses: { 200: { description: 'Projects', schema: z.array(limitsSchema) } },
  handle: async ({ api }) => ({
    status: 200,
    body: (await query.listProjectUse(api.db)).map((use) => present(use, api.config.limits)),
  }),
});

export const getLimits = defineRoute({
  id: 'getLimits',
  method: 'GET',
  path: '/api/limits/:projectId',
  scope: 'viewer',
  tag,
  summary: 'What a project has, and how much it may have',
  description: 'Also of a project that has nothing yet: what would hold for it.',
  params: limitsParams,
  responses: { 200: { description: 'The project', schema: limitsSchema } },
  handle: async ({ params: { projectId }, api }) => ({
    status: 200,
    body: present(await query.findProjectUse(api.db, projectId), api.config.limits),
  }),
});

const most = z.int().min(0).max(MOST).nullable().default(null);

export const putLimits = defineRoute({
  id: 'putLimits',
  method: 'PUT',
  path: '/api/limits/:projectId',
  scope: 'admin',
  tag,
  summary: 'Give a project limits of its own',
  description:
    '0 is no limit; null, or a field that is left out, the default of the environment (PROJECT_MAX_OPEN_RUNS, PROJECT_MAX_WORKFLOWS). ' +
    'What there is already stays. Holds at once here, within a second on other replicas.',
  params: limitsParams,
  body: z.strictObject({ maxOpenRuns: most, maxWorkflows: most }),
  responses: { 200: { description: 'What holds now', schema: limitsSchema } },
  async handle({ params: { projectId }, body, principal, api, ctx }) {
    const use = await api.db.transaction(async (db) => {
      const before = await query.findProjectLimit(db, projectId);
      await query.putProjectLimit(db, { projectId, ...body }, principal.name);
      const was = { maxOpenRuns: before?.maxOpenRuns ?? null, maxWorkflows: before?.maxWorkflows ?? null };
      await audit(db, { ctx, principal }, { action: 'putLimits', target: projectId, before: was, after: body });
      return query.findProjectUse(db, projectId);
    });
    api.openRuns.forget();
    return { status: 200, body: present(use, api.config.limits) };
  },
});

/**
 * Whether a project may have one more workflow; asked in the transaction that stores it.
 * @throws AppError CONFLICT that says how many there may be, and what to do
 */
export async function refuseOneWorkflowMore(db: Queryable, projectId: string, { config }: Pick<Api, 'config'>) {
  const own = await query.findProjectLimit(db, projectId);
  const most = limitOf(own?.maxWorkflows ?? null, config.limits.projectMaxWorkflows);
  if (most === null || (await query.countWorkflowsAlone(db, projectId)) < most) return;
  throw new AppError(
    'CONFLICT',
    `Project ${projectId} has ${String(most)} workflows, as many as it may have: delete some, or raise the limit ` +
      `(commandcenter limits set ${projectId} --workflows <number>).`,
  );
}

function present(
  { updatedAt, updatedBy, projectId, openRuns, workflows, ...own }: query.ProjectUse,
  defaults: Api['config']['limits'],
): z.output<typeof limitsSchema> {
  return {
    projectId,
    openRuns,
    maxOpenRuns: limitOf(own.maxOpenRuns, defaults.projectMaxOpenRuns),
    workflows,
    maxWorkflows: limitOf(own.maxWorkflows, defaults.projectMaxWorkflows),
    own,
    updatedBy,
    updatedAt: updatedAt?.toISOString() ?? null,
  };
}
