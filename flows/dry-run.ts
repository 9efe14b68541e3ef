import { AppError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { NodeStatus } from '../contracts/statuses.ts';
import type { Scope, ScopeNode } from './expressions.ts';
import type { Plan, PlanNode } from './plan.ts';

/** What a node would do, and with what. `SUPPLIED`: the caller gave its output; `WOULD_RUN`: nothing is known of its output. */
export interface DryNode {
  readonly nodeId: string;
  readonly outcome: 'SUPPLIED' | 'WOULD_RUN' | 'WOULD_WAIT' | 'COMPUTED' | 'SKIPPED' | 'FAILED';
  readonly reason?: string;
  readonly input?: Json;
  readonly items?: number;
  readonly output?: Json;
}

/**
 * Walks a workflow without running anything: expressions and templates are resolved, agents are not started. Nodes whose
 * output was not supplied count as succeeded with the output null, so supply what later nodes read.
 * @param outputs node id → output
 */
export function dryRun(plan: Plan, input: Json, outputs: Readonly<Record<string, Json>>): DryNode[] {
  const nodes: Record<string, ScopeNode> = {};
  const order = [...plan.groups.values()].flatMap((group) => group.nodes);
  const results = new Map<number, DryNode>();
  const pending = new Set(order);
  while (pending.size > 0) {
    for (const index of pending) {
      const node = plan.nodes[index];
      if (node === undefined || node.dependencies.some((dependency) => pending.has(dependency))) continue;
      pending.delete(index);
      const statuses = node.dependencies.map((dependency) => nodes[plan.nodes[dependency]?.id ?? '']?.status ?? '');
      const dry = walk(node, statuses, { input, run: { workflow: plan.definition.name }, nodes }, outputs);
      results.set(index, dry);
      nodes[node.id] = { status: statusOf(dry), output: dry.output ?? null };
    }
  }
  return plan.nodes.flatMap(({ index }) => results.get(index) ?? []);
}

function walk(
  node: PlanNode,
  statuses: readonly string[],
  scope: Scope,
  outputs: Readonly<Record<string, Json>>,
): DryNode {
  const nodeId = node.id;
  try {
    const rule = ruleProblem(node, statuses);
    if (rule !== null) return { nodeId, outcome: 'SKIPPED', reason: rule };
    if (node.when && node.when.evaluate(scope) !== true) {
      return { nodeId, outcome: 'SKIPPED', reason: `The condition is false: ${node.node.when ?? ''}` };
    }
    if (Object.hasOwn(outputs, nodeId)) return { nodeId, outcome: 'SUPPLIED', output: outputs[nodeId] ?? null };
    return node.forEach ? expanded(node, scope) : alone(node, scope);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { nodeId, outcome: 'FAILED', reason: error.message };
  }
}

function alone(node: PlanNode, scope: Scope): DryNode {
  const nodeId = node.id;
  if (node.transform) return { nodeId, outcome: 'COMPUTED', output: node.transform.evaluate(scope) };
  const { input } = (node.input?.resolve(scope) ?? {}) as JsonObject;
  const waits = node.node.approval !== undefined || ['wait', 'signal', 'awaitResolved'].includes(node.node.kind);
  return { nodeId, outcome: waits ? 'WOULD_WAIT' : 'WOULD_RUN', ...(input !== undefined && { input }) };
}

function expanded(node: PlanNode, scope: Scope): DryNode {
  const items = node.forEach?.evaluate(scope);
  if (!Array.isArray(items))
    throw new AppError('EXPRESSION_ERROR', `"forEach" gives ${JSON.stringify(items)}, not a list`);
  const each = items.map((item) => alone(node, { ...scope, item }));
  const outputs = each.map(({ output }) => output ?? null);
  const inputs = each.flatMap(({ input }) => (input === undefined ? [] : [input]));
  const outcome = node.transform ? 'COMPUTED' : 'WOULD_RUN';
  return {
    nodeId: node.id,
    outcome,
    items: items.length,
    output: outputs,
    ...(inputs.length > 0 && { input: inputs }),
  };
}

/** Why the node's rule does not hold, or null. The same rules as engine_rule_holds (sql/migrations/0002_engine.sql). */
function ruleProblem({ node }: PlanNode, statuses: readonly string[]): string | null {
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  const succeeded = count('SUCCESS');
  const holds = {
    all_done: true,
    all_success: succeeded === statuses.length,
    none_failed: succeeded + count('SKIPPED') === statuses.length,
    one_success: succeeded > 0 || statuses.length === 0,
    one_failed: count('FAILED') > 0,
  }[node.finally && node.runIf === 'all_success' ? 'all_done' : node.runIf];
  return holds ? null : `runIf ${node.runIf} does not hold: its dependencies are ${statuses.join(', ')}`;
}

function statusOf({ outcome }: DryNode): NodeStatus {
  if (outcome === 'SKIPPED' || outcome === 'FAILED') return outcome;
  return 'SUCCESS';
}
