import { findCursor, type Cursor } from './cursor.ts';
import { schemasAt, typeOf, valuesOf, type Schema } from './schema.ts';

/** What is known beside the schema: names that a definition may use. */
export interface Known {
  readonly schema: Schema;
  /** The agents' input schemas, by name. */
  readonly agents: ReadonlyMap<string, Schema>;
  readonly workflows: readonly string[];
}

export interface Suggestion {
  readonly label: string;
  /** What is put in the place of the word that is being typed. */
  readonly text: string;
  readonly kind: 'property' | 'enum' | 'constant';
  readonly detail: string;
  readonly info: string;
}

export interface Suggestions {
  readonly from: number;
  readonly to: number;
  readonly list: readonly Suggestion[];
}

/** What may stand at the position of a definition, JSON or YAML. */
export function suggest(text: string, position: number, known: Known): Suggestions | undefined {
  const cursor = findCursor(text, position);
  if (!cursor) return undefined;
  const isJson = cursor.quoted || text.trimStart().startsWith('{');
  const list = cursor.kind === 'key' ? keysAt(cursor, known, isJson) : valuesAt(cursor, known, isJson);
  return list.length === 0 ? undefined : { from: cursor.from, to: cursor.to, list };
}

function keysAt({ path, value }: Cursor, known: Known, isJson: boolean): Suggestion[] {
  const parent = path.slice(0, -1);
  const there = Object.keys(valueAt(value, parent) ?? {});
  const found = new Map<string, Suggestion>();
  for (const { properties = {}, required = [] } of schemasFor(parent, value, known)) {
    for (const [name, schema] of Object.entries(properties)) {
      if (there.includes(name) || found.has(name)) continue;
      const detail = [typeOf(schema), ...(required.includes(name) ? ['required'] : [])].join(', ');
      const text = isJson ? `"${name}": ` : `${name}: `;
      found.set(name, { label: name, text, kind: 'property', detail, info: schema.description ?? '' });
    }
  }
  return [...found.values()];
}

function valuesAt({ path, value }: Cursor, known: Known, isJson: boolean): Suggestion[] {
  const quote = (one: unknown): string => (isJson || typeof one !== 'string' ? JSON.stringify(one) : one);
  const named = namesAt(path, value, known).map((name): Suggestion => ({
    ...{ label: name, text: quote(name), kind: 'constant', detail: '', info: '' },
  }));
  const allowed = schemasFor(path, value, known).flatMap((schema) =>
    valuesOf(schema).map((one): Suggestion => ({
      ...{ label: String(one), text: quote(one), kind: 'enum', info: '' },
      detail: one === schema.default ? 'default' : '',
    })),
  );
  return [...named, ...allowed].filter(
    ({ label }, index, all) => all.findIndex((one) => one.label === label) === index,
  );
}

/** The definition's schema, and within a node's input that of its agent. */
function schemasFor(path: readonly (string | number)[], value: unknown, known: Known): Schema[] {
  const [list, index, field, ...below] = path;
  if (list === 'nodes' && field === 'input') {
    const agent = known.agents.get(String(valueAt(value, ['nodes', index ?? 0, 'agent'])));
    if (agent) return schemasAt(agent, below, valueAt(value, path.slice(0, 3)));
  }
  return schemasAt(known.schema, path, value);
}

/** Names of agents, workflows and nodes, where the definition asks for one. */
function namesAt(path: readonly (string | number)[], value: unknown, { agents, workflows }: Known): readonly string[] {
  const field = path.findLast((key) => typeof key === 'string');
  if (field === 'agent') return [...agents.keys()];
  if (field === 'workflow' || field === 'onFailure') return workflows;
  const isNodeName = (path[0] === 'edges' && (field === 'from' || field === 'to')) || field === 'dependsOn';
  return isNodeName ? nodeNames(value) : [];
}

function nodeNames(value: unknown): string[] {
  const nodes = valueAt(value, ['nodes']);
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: { id?: unknown } | null) => (typeof node?.id === 'string' ? [node.id] : []));
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, key) => (here as Readonly<Record<string | number, unknown>> | undefined)?.[key],
    value,
  );
}
