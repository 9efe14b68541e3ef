import type { Problem } from '../contracts/errors.ts';
import type { WorkflowDefinition } from './definition.ts';
import type { JsonSchema } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import { dottedPath } from './problems.ts';

/** What must be known of another workflow to call it. */
export interface KnownWorkflow {
  /** names of the workflows that its own nodes call */
  readonly subWorkflows: readonly string[];
  readonly inputSchema?: JsonSchema | null;
}

/** Unknown workflows, workflows that call themselves in the end, and calls nested too deeply. */
export function subWorkflowProblems(
  definition: WorkflowDefinition,
  known?: ReadonlyMap<string, KnownWorkflow>,
): Problem[] {
  const calls = definition.nodes.flatMap((node, index) =>
    node.kind === 'workflow' ? [{ name: node.workflow, path: dottedPath(['nodes', index, 'workflow']) }] : [],
  );
  return [
    ...calls.flatMap(({ name, path }) => messageFor(callProblem(definition.name, name, known), path)),
    ...messageFor(onFailureProblem(definition, known), 'onFailure'),
    ...definition.nodes.flatMap(({ approval }, index) =>
      messageFor(
        announceProblem(definition.name, approval?.announce, known),
        dottedPath(['nodes', index, 'approval', 'announce']),
      ),
    ),
  ];
}

function messageFor(message: string | null, path: string): Problem[] {
  return message === null ? [] : [{ path, message }];
}

function callProblem(caller: string, called: string, known?: ReadonlyMap<string, KnownWorkflow>): string | null {
  if (called !== caller && known !== undefined && !known.has(called)) return `Unknown workflow "${called}"`;
  const chain = endlessOrDeepChain(caller, called, known ?? new Map());
  if (chain === null) return null;
  if (chain.at(-1) === caller) return `Circular workflow reference detected: ${chain.join(' -> ')}`;
  return `Sub-workflows are nested deeper than ${LIMITS.subWorkflowDepth} levels: ${chain.join(' -> ')}`;
}

function onFailureProblem(
  { name, onFailure }: WorkflowDefinition,
  known?: ReadonlyMap<string, KnownWorkflow>,
): string | null {
  if (onFailure === undefined) return null;
  if (onFailure === name) return 'A workflow cannot be its own "onFailure": one failure would start the next';
  return known !== undefined && !known.has(onFailure) ? `Unknown workflow "${onFailure}"` : null;
}

function announceProblem(
  name: string,
  announce: string | undefined,
  known?: ReadonlyMap<string, KnownWorkflow>,
): string | null {
  if (announce === undefined) return null;
  if (announce === name)
    return 'A workflow cannot announce its own approvals: each announcement would ask for the next';
  return known !== undefined && !known.has(announce) ? `Unknown workflow "${announce}"` : null;
}

/**
 * Follows the calls breadth first, so that each workflow is looked at once and by its shortest chain. Returns the chain
 * that comes back to the caller or passes the limit.
 */
function endlessOrDeepChain(
  caller: string,
  called: string,
  known: ReadonlyMap<string, KnownWorkflow>,
): string[] | null {
  const chains = [[caller, called]];
  const seen = new Set([called]);
  for (const chain of chains) {
    const last = chain.at(-1) ?? '';
    if (last === caller || chain.length - 1 > LIMITS.subWorkflowDepth) return chain;
    const next = (known.get(last)?.subWorkflows ?? []).filter((name) => !seen.has(name));
    for (const name of next) {
      seen.add(name);
      chains.push([...chain, name]);
    }
  }
  return null;
}
