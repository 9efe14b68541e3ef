import { AppError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { isTerminal } from '../contracts/statuses.ts';
import type { Database } from '../sql/pool.ts';
import { findNode } from '../sql/queries/nodes.ts';
import type { Engine } from './engine.ts';

/** What an operator makes of an open node: skipped, or succeeded with an output of theirs. */
export type Mark = { readonly status: 'SKIPPED' } | { readonly status: 'SUCCESS'; readonly output: Json };

export interface MarkedNode {
  readonly runId: string;
  readonly nodeId: string;
  readonly itemIndex?: number;
}

/**
 * Settles an open node by hand. An agent that runs for it is stopped: its token is no longer the node's.
 * @throws AppError NOT_FOUND; CONFLICT when the node is settled already, or settles in the same moment
 */
export async function markNode(
  { runId, nodeId, itemIndex }: MarkedNode,
  mark: Mark,
  by: string,
  { db, engine }: { readonly db: Database; readonly engine: Engine },
): Promise<void> {
  const node = await findNode(db, runId, nodeId, itemIndex ?? null);
  if (node === null) throw new AppError('NOT_FOUND', `Run ${runId} has no node ${nodeId}`);
  if (isTerminal(node.status)) {
    throw new AppError('CONFLICT', `Node ${nodeId} is ${node.status} already: retry the run to run it again`);
  }
  const how =
    mark.status === 'SKIPPED'
      ? { errorCode: 'SKIPPED_BY_OPERATOR', errorMessage: `Skipped by ${by}` }
      : { output: mark.output };
  const { accepted } = await engine.settle({
    runId,
    agentRunId: node.id,
    token: node.token,
    status: mark.status,
    ...how,
  });
  if (!accepted) throw new AppError('CONFLICT', `Node ${nodeId} changed while it was being marked: look at it again`);
}
