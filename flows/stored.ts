import type { JsonObject } from '../contracts/json.ts';
import type { Plan } from './plan.ts';

/** A plan's nodes and edges as the rows that the engine's statements read (sql/queries/definitions.ts). */
export function toStoredVersion(plan: Plan) {
  return {
    // a parsed definition came from JSON and holds nothing else
    definition: plan.definition as unknown as JsonObject,
    nodes: plan.nodes.map(({ index, node, dependencies, group }) => ({
      nodeIndex: index,
      nodeId: node.id,
      kind: node.kind,
      ...(node.kind === 'agent' && { agentName: node.agent }),
      jobGroup: group,
      dependencyCount: dependencies.length,
      // "Always run" is what finally means; a rule of its own is honoured.
      runIf: node.finally && node.runIf === 'all_success' ? 'all_done' : node.runIf,
      allowFailure: node.allowFailure,
      finally: node.finally,
      sink: plan.sinks.has(index),
      ...(node.queueTimeoutSeconds !== undefined && { queueTimeoutSeconds: node.queueTimeoutSeconds }),
    })),
    edges: plan.edges,
  };
}
