import { z } from 'zod';
import { isUuid } from '../contracts/uuid.ts';

/** Names that mean something else in an expression, so that no node can be called so. */
const RESERVED_NODE_IDS: ReadonlySet<string> = new Set([
  ...['input', 'context', 'run', 'item', 'nodes', 'attempt'],
  // CEL's own words, and what JavaScript's objects inherit
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import'],
  ...['let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
  ...['constructor', 'prototype'],
]);

const NODE_ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** The id of a node, unique in its workflow. */
export const nodeIdSchema = z
  .string()
  .regex(NODE_ID, 'A node id starts with a letter and has at most 64 letters, digits, "_" and "-"')
  .refine((id) => !RESERVED_NODE_IDS.has(id), {
    error: (issue) => `"${String(issue.input)}" is a reserved word: choose another node id`,
  });

/** The name of a workflow or an agent: part of NATS subjects, job ids and image names. */
export const nameSchema = z
  .string()
  .regex(NAME, 'A name starts with a lower-case letter and has at most 63 lower-case letters, digits and "-"')
  .refine((name) => !isUuid(name), 'A name must not look like a UUID: ids and names share the same paths');

/** The name of a secret, as the agent sees it in its environment. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'A secret is named like an environment variable: letters, digits and "_"');

export function isNodeId(value: unknown): value is string {
  return nodeIdSchema.safeParse(value).success;
}
