import { AppError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import type { Plan } from '../flows/compile.ts';
import type { Engine } from '../flows/engine.ts';
import type { Scope, ScopeNode } from '../flows/expressions.ts';
import type { SettleRequest } from '../sql/queries/engine.ts';
import { DONE, type JobOutcome } from './outcome.ts';

/** Transforms that a worker holds: their claim's token, and what they may read. */
export interface TransformTurn {
  readonly runId: string;
  readonly token: string;
  readonly workerId: string;
  readonly scope: Scope;
  readonly claimed: readonly { readonly agentRunId: string; readonly nodeIndex: number; readonly item?: Json }[];
}

type Result = Pick<SettleRequest, 'status' | 'output' | 'errorCode' | 'errorMessage'>;

/**
 * Runs a group of transforms layer by layer: each layer's settle is one statement with its results, its events and the
 * claims of the next layer, so that the worker goes on at once while the flow's jobs catch up behind.
 */
export async function runTransforms(plan: Plan, turn: TransformTurn, engine: Engine): Promise<JobOutcome> {
  const nodes: Record<string, ScopeNode> = { ...turn.scope.nodes };
  let failure: string | undefined;
  let layer = turn.claimed;
  while (layer.length > 0) {
    const settled = await Promise.all(
      layer.map(async ({ agentRunId, nodeIndex, item }) => {
        const result = evaluate(plan, nodeIndex, { ...turn.scope, nodes, ...(item !== undefined && { item }) });
        if (result.status === 'FAILED') failure ??= result.errorMessage;
        return {
          nodeIndex,
          result,
          ...(await engine.settle({ ...identityOf(turn, agentRunId), ...result, ahead: true })),
        };
      }),
    );
    for (const { nodeIndex, result } of settled) {
      const id = plan.nodes[nodeIndex]?.id;
      if (id !== undefined) nodes[id] = { status: result.status, output: result.output ?? null };
    }
    layer = settled.flatMap(({ started }) => started);
  }
  return failure === undefined ? DONE : { kind: 'failed', message: failure };
}

function identityOf({ runId, token, workerId }: TransformTurn, agentRunId: string) {
  return { runId, token, workerId, agentRunId };
}

function evaluate(plan: Plan, nodeIndex: number, scope: Scope): Result {
  const node = plan.nodes[nodeIndex];
  try {
    return { status: 'SUCCESS', output: node?.transform?.evaluate(scope) ?? null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      status: 'FAILED',
      errorCode: error.code,
      errorMessage: `The transform of node ${node?.id ?? ''}: ${error.message}`,
    };
  }
}
