import { AppError } from '../../contracts/errors.ts';
import { findWorkflowId } from '../../sql/queries/workflows.ts';
import { findNodeOwner, findRun, type RunRow } from '../../sql/queries/runs.ts';
import type { Api } from '../api.ts';

interface Owned {
  readonly workflowId: string;
  readonly workflowName: string;
}

/** A run of the workflow of this id or name. @throws AppError NOT_FOUND, also for another workflow's run */
export async function requireRun({ db }: Pick<Api, 'db'>, idOrName: string, runId: string): Promise<RunRow> {
  const run = await findRun(db, runId);
  return requireOwned({ db }, idOrName, runId, run);
}

/** @throws AppError NOT_FOUND when there is no such row, or it belongs to another workflow */
export async function requireOwned<T extends Owned>(
  { db }: Pick<Api, 'db'>,
  idOrName: string,
  runId: string,
  owned: T | null,
): Promise<T> {
  if (owned && (await belongsTo(db, owned, idOrName))) return owned;
  throw new AppError('NOT_FOUND', `There is no run ${runId} of workflow ${idOrName}`);
}

/** @throws AppError NOT_FOUND unless the node is one of this run, and the run one of this workflow */
export async function requireNode(
  { db }: Pick<Api, 'db'>,
  params: { id: string; runId: string; agentRunId: string },
): Promise<void> {
  const owner = await findNodeOwner(db, params.agentRunId);
  if (owner?.runId === params.runId && (await belongsTo(db, owner, params.id))) return;
  throw new AppError(
    'NOT_FOUND',
    `There is no agent run ${params.agentRunId} in run ${params.runId} of workflow ${params.id}`,
  );
}

/** The run's own copy of the name may be an old one: a renamed workflow is asked by its new. */
async function belongsTo(db: Api['db'], { workflowId, workflowName }: Owned, idOrName: string): Promise<boolean> {
  if (idOrName.toLowerCase() === workflowId || idOrName === workflowName) return true;
  return (await findWorkflowId(db, idOrName)) === workflowId;
}
