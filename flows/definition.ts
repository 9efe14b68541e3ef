import { z } from 'zod';
import type { Problem } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { definitionSchema } from './definition-schema.ts';
import type { WorkflowDefinition } from './definition-types.ts';
import { LIMITS, type DefinitionLimits } from './limits.ts';
import { KIND_FIELDS, nodeSchema } from './node-schema.ts';
import { normalise } from './normalise.ts';
import { problemError, problemsOf } from './problems.ts';
import { sizeProblems } from './size.ts';
import { structureProblems } from './structure.ts';

export type * from './definition-types.ts';
export type { Retry } from './node-schema.ts';
export type { AlertTrigger, ScheduleTrigger, Trigger } from './trigger-schema.ts';

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
  });
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

/** What is wrong with the fields that say of which kind a node is. */
export function kindProblem(node: object): string | undefined {
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
