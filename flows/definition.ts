import { z } from 'zod';
import type { Problem } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { definitionSchema, type DefinitionSource, type Edge } from './definition-schema.ts';
import { KIND_FIELDS, nodeSchema, type Approval, type NodeKind, type NodeSource } from './node-schema.ts';
import { LIMITS, type DefinitionLimits } from './limits.ts';
import { problemError, problemsOf } from './problems.ts';
import { sizeProblems } from './size.ts';
import { structureProblems } from './structure.ts';

export type { Edge } from './definition-schema.ts';
export type { Approval, Lock, NodeKind, Retry } from './node-schema.ts';
export type { AlertTrigger, ScheduleTrigger, Trigger } from './trigger-schema.ts';

type CommonFields = Omit<NodeSource, NodeKind | 'kind' | 'input' | 'dependsOn' | 'approval'> & {
  readonly approval?: Approval;
};

export type AgentNode = CommonFields & { readonly kind: 'agent'; readonly agent: string; readonly input: JsonObject };
export type WorkflowNode = CommonFields & {
  readonly kind: 'workflow';
  readonly workflow: string;
  readonly input: JsonObject;
};
export type TransformNode = CommonFields & { readonly kind: 'transform'; readonly transform: string };
export type WaitNode = CommonFields & {
  readonly kind: 'wait';
  readonly wait: { seconds: number | string } | { until: string };
};
export type SignalNode = CommonFields & { readonly kind: 'signal'; readonly signal: { name: string } };
export type AwaitResolvedNode = CommonFields & {
  readonly kind: 'awaitResolved';
  readonly awaitResolved: { timeoutSeconds: number };
};

/** One step of a workflow; `kind` says which. */
export type DefinitionNode = AgentNode | WorkflowNode | TransformNode | WaitNode | SignalNode | AwaitResolvedNode;

/**
 * A workflow that passed `parseDefinition`: defaults filled in, `dependsOn` turned into edges, an acyclic graph whose
 * edges name existing nodes. Deeply frozen, and itself valid input of `parseDefinition`, which returns an equal one.
 */
export type WorkflowDefinition = Readonly<Omit<DefinitionSource, 'nodes' | 'edges' | 'output'>> & {
  readonly nodes: readonly DefinitionNode[];
  readonly edges: readonly Edge[];
  readonly output?: JsonObject;
};

/**
 * Reads a definition as a user sent it.
 * @throws AppError INVALID_DEFINITION with every problem of shape and graph at once. What needs the world besides
 * (agents, expressions, other workflows) is asked by `validateDefinition`.
 */
export function parseDefinition(json: unknown, limits: DefinitionLimits = LIMITS): WorkflowDefinition {
  const oversize = sizeProblems(json, limits);
  if (oversize.length > 0) throw invalid(oversize);
  const parsed = definitionSchema.safeParse(json);
  const problems = [
    ...(parsed.success ? [] : shapeProblems(json, parsed.error)),
    ...kindProblems(json),
    ...structureProblems(json),
  ];
  if (!parsed.success || problems.length > 0) throw invalid(problems);
  return deepFreeze(normalise(parsed.data));
}

/** The published JSON Schema (draft 2020-12) of a definition as users write it. */
export function definitionJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(definitionSchema, {
    io: 'input',
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === nodeSchema) jsonSchema.oneOf = KIND_FIELDS.map((field) => ({ required: [field] }));
    },
  }) as Record<string, unknown>;
}

function invalid(problems: readonly Problem[]): Error {
  return problemError('INVALID_DEFINITION', 'Invalid workflow definition', problems);
}

const STEPS_MESSAGE =
  'The field "steps" is obsolete: write "nodes": [{"id": "a", "agent": "…", "input": {…}}] and "edges": [{"from": "a", "to": "b"}] ' +
  '(or "dependsOn": ["a"] on node b)';

function shapeProblems(json: unknown, error: z.ZodError): Problem[] {
  const problems = problemsOf(error);
  if (!hasField(json, 'steps')) return problems;
  const rest = problems.filter(({ path }) => path !== 'steps' && (path !== 'nodes' || hasField(json, 'nodes')));
  return [{ path: 'steps', message: STEPS_MESSAGE }, ...rest];
}

function kindProblems(json: unknown): Problem[] {
  if (!hasField(json, 'nodes') || !Array.isArray(json.nodes)) return [];
  return json.nodes.flatMap((node: unknown, index) => {
    const message = isObject(node) ? kindProblem(node) : undefined;
    return message === undefined ? [] : [{ path: `nodes[${index}]`, message }];
  });
}

function kindProblem(node: object): string | undefined {
  const kinds = KIND_FIELDS.filter((field) => hasField(node, field));
  const [kind] = kinds;
  if (kind === undefined) return `A node needs one of ${KIND_FIELDS.join(', ')}`;
  if (kinds.length > 1) return `A node is of one kind: it has ${kinds.join(' and ')}`;
  if (hasField(node, 'kind') && node.kind !== kind)
    return `"kind" is ${JSON.stringify(node.kind)}, but the node has "${kind}"`;
  if (hasField(node, 'input') && kind !== 'agent' && kind !== 'workflow')
    return `A node with "${kind}" takes no "input"`;
  return undefined;
}

function normalise({ nodes, edges, ...rest }: DefinitionSource): WorkflowDefinition {
  const shorthand = nodes.flatMap(({ id, dependsOn = [] }) => dependsOn.map((from) => ({ from, to: id })));
  // zod read the templates from JSON and kept them as they were
  return {
    ...(rest as Omit<WorkflowDefinition, 'nodes' | 'edges'>),
    nodes: nodes.map(normaliseNode),
    edges: distinct([...edges, ...shorthand]),
  };
}

function normaliseNode({ dependsOn: _, approval, ...node }: NodeSource): DefinitionNode {
  const kind = KIND_FIELDS.find((field) => node[field] !== undefined);
  const takesInput = kind === 'agent' || kind === 'workflow';
  const given = approval === true ? { onTimeout: 'reject' } : approval;
  // exactly one kind is there: kindProblems found none
  return {
    ...node,
    kind,
    ...(takesInput ? { input: node.input ?? {} } : {}),
    ...(given ? { approval: given } : {}),
  } as DefinitionNode;
}

function distinct(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value)) deepFreeze<unknown>(child);
  return Object.freeze(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasField<K extends string>(value: unknown, field: K): value is Record<K, Json | undefined> {
  return isObject(value) && Object.hasOwn(value, field);
}
