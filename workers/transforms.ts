import { AppError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import type { NodeJob } from '../contracts/jobs.ts';
import type { Plan, PlanGroup } from '../flows/plan.ts';
import type { Engine } from '../flows/engine.ts';
import type { Scope, ScopeNode } from '../flows/expressions.ts';
import type { Database } from '../sql/pool.ts';
import type { RunGroupRequest, SettleRequest } from '../sql/queries/engine.ts';
import { findResults } from '../sql/queries/results.ts';
import { DONE, type JobOutcome } from './outcome.ts';

type Result = Pick<SettleRequest, 'status' | 'output' | 'errorCode' | 'errorMessage'>;

export interface GroupParts {
  readonly db: Database;
  readonly engine: Engine;
  readonly workerId: string;
}

/**
 * Runs a whole group of transforms without claiming it first: evaluates all of them, then writes claims and results in one
 * statement. They have no side effects, so evaluating them twice is nothing anybody could see; who may write is decided in
 * that statement. A chain of ten took eleven statements before, a layer each.
 * @returns false where the group has to be claimed and run layer by layer: something in it fails, or is under way already
 */
export async function runGroupAtOnce(
  job: NodeJob,
  plan: Plan,
  group: PlanGroup,
  { db, engine, workerId }: GroupParts,
): Promise<boolean> {
  const startedAt = performance.now();
  const elapsed = () => Math.round((performance.now() - startedAt) * 1000) / 1000;
  const scope = group.needsRun || group.needs.length > 0 ? await readScope(db, job.runId, group) : NOTHING;
  const nodes: Record<string, ScopeNode> = { ...scope.nodes };
  const results: RunGroupRequest['nodes'][number][] = [];
  for (const index of group.nodes) {
    const node = plan.nodes[index];
    const s = elapsed();
    const result = evaluate(plan, index, { ...scope, nodes });
    if (node === undefined || result.status !== 'SUCCESS') return false;
    const o = result.output ?? null;
    nodes[node.id] = { status: 'SUCCESS', output: o };
    results.push({
      i: index,
      o,
      h: !node.dependencies.some((dependency) => plan.nodes[dependency]?.group === group.group),
      s,
      e: elapsed(),
    });
  }
  const { runId, epoch } = job;
  return engine.runGroup({ runId, epoch, workerId, group: group.group, ms: elapsed(), nodes: results });
}

const NOTHING: Scope = { input: null, run: null, nodes: {} };

async function readScope(db: Database, runId: string, { needs }: PlanGroup): Promise<Scope> {
  const { facts, nodes } = await findResults(db, runId, needs);
  return { input: facts.input, run: facts, nodes };
}

/** Transforms that a worker holds: their claim's token, and what they may read. */
export interface TransformTurn {
  readonly runId: string;
  readonly token: string;
  readonly workerId: string;
  readonly scope: Scope;
  readonly claimed: readonly ({ readonly agentRunId: string; readonly nodeIndex: number } & MapPlace)[];
}

/** Where a claimed node is in a map, if it is an instance of one. */
interface MapPlace {
  readonly itemIndex?: number | null;
  readonly item?: Json;
}

/** What an instance of a map may read besides the rest of the scope. */
export function itemOf({ itemIndex, item }: MapPlace): Pick<Scope, 'item'> {
  return typeof itemIndex === 'number' ? { item: item ?? null } : {};
}

/**
 * Runs claimed transforms layer by layer: each layer's settle is one statement with its results, its events and the claims
 * of the next layer.
 */
export async function runTransforms(plan: Plan, turn: TransformTurn, engine: Engine): Promise<JobOutcome> {
  const nodes: Record<string, ScopeNode> = { ...turn.scope.nodes };
  let failure: string | undefined;
  let layer = turn.claimed;
  while (layer.length > 0) {
    const settled = await Promise.all(
      layer.map(async ({ agentRunId, nodeIndex, ...place }) => {
        const result = evaluate(plan, nodeIndex, { ...turn.scope, nodes, ...itemOf(place) });
        if (result.status === 'FAILED') failure ??= result.errorMessage;
        const request = { ...identityOf(turn, agentRunId), ...result, ahead: true };
        return { nodeIndex, result, ...(await engine.settle(request)) };
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
    const errorMessage = `The transform of node ${node?.id ?? ''}: ${error.message}`;
    return { status: 'FAILED', errorCode: error.code, errorMessage };
  }
}
