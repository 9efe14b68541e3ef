import { AppError } from '../../contracts/errors.ts';
import { findWorkflow, findWorkflowId, type WorkflowRow } from '../../sql/queries/workflows.ts';
import type { Api } from '../api.ts';

/** @throws AppError NOT_FOUND */
export async function requireWorkflow({ db }: Pick<Api, 'db'>, idOrName: string): Promise<WorkflowRow> {
  const workflow = await findWorkflow(db, idOrName);
  if (!workflow) throw noSuchWorkflow(idOrName);
  return workflow;
}

/** @throws AppError NOT_FOUND */
export async function requireWorkflowId({ db }: Pick<Api, 'db'>, idOrName: string): Promise<string> {
  const id = await findWorkflowId(db, idOrName);
  if (id === null) throw noSuchWorkflow(idOrName);
  return id;
}

function noSuchWorkflow(idOrName: string): AppError {
  return new AppError('NOT_FOUND', `There is no workflow ${idOrName}`);
}
