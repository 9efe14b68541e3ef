import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { listRuns } from '../../sql/queries/runs.ts';
import { audit } from '../audit/audit.ts';
import { idOrName, uuid } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import * as wire from './schema.ts';

/** Runs that one request may change: it answers within seconds, and says when there are more. */
const MOST_RUNS = 200;

const { limit: _limit, cursor: _cursor, ...filters } = wire.runListQuery;

const outcome = z.strictObject({
  workflowRunId: uuid,
  done: z.boolean(),
  retriedAs: uuid.optional(),
  problem: z.string().optional(),
});

export const changeRuns = defineRoute({
  id: 'changeRuns',
  method: 'POST',
  path: '/api/runs/bulk',
  scope: 'operator',
  tag: 'Run control',
  summary: 'Cancel or retry all runs that a filter finds',
  description: `At most ${MOST_RUNS} at once, newest first; \`more\` says that the filter found more: repeat the request.`,
  body: z.strictObject({
    action: z.enum(['cancel', 'retry']),
    filter: z.strictObject({ ...filters, workflow: idOrName.optional() }).describe('As the query of GET /api/runs'),
  }),
  responses: {
    200: { description: 'What became of each', schema: z.strictObject({ runs: z.array(outcome), more: z.boolean() }) },
  },
  async handle({ body: { action, filter }, principal, api, ctx }) {
    const { label, status, ...rest } = filter;
    const rows = await listRuns(api.db, { ...rest, labels: label, statuses: status }, { limit: MOST_RUNS + 1 });
    const chosen = rows.slice(0, MOST_RUNS);
    const runs = await Promise.all(chosen.map((row) => changeOne(row)));
    await audit(api.db, { ctx, principal }, { action: 'changeRuns', target: action, after: { runs: chosen.length } });
    return { status: 200, body: { runs, more: rows.length > MOST_RUNS } };

    async function changeOne({ id: runId, projectId }: (typeof rows)[number]): Promise<z.infer<typeof outcome>> {
      try {
        if (action === 'cancel') {
          await api.control.cancel(runId, principal.name);
          return { workflowRunId: runId, done: true };
        }
        await api.openRuns.admit(ctx, { projectId, principal: principal.name });
        const retried = await api.submitter.retry(runId, { from: 'failed' }, undefined, principal.name);
        return { workflowRunId: runId, done: true, retriedAs: retried.runId };
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        return { workflowRunId: runId, done: false, problem: error.message };
      }
    }
  },
});
