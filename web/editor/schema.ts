import { MARKER } from './cursor.ts';

/** A JSON Schema, as far as completion reads it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

type Key = string | number;

/** The schemas that the value at a path may follow; of alternatives those that its siblings do not rule out. */
export function schemasAt(root: Schema, path: readonly Key[], value: unknown): Schema[] {
  let schemas = alternatives(root, value);
  let here = value;
  for (const key of path) {
    here = (here as Readonly<Record<Key, unknown>> | undefined)?.[key];
    schemas = schemas.flatMap((schema) => step(schema, key)).flatMap((schema) => alternatives(schema, here));
  }
  return schemas;
}

function step({ properties, additionalProperties, items }: Schema, key: Key): Schema[] {
  if (typeof key === 'number') return items ? [items] : [];
  const named = properties?.[key];
  if (named) return [named];
  return typeof additionalProperties === 'object' ? [additionalProperties] : [];
}

function alternatives(schema: Schema, value: unknown): Schema[] {
  const { anyOf, oneOf, allOf } = schema;
  const branches = [...(anyOf ?? []), ...(oneOf ?? []), ...(allOf ?? [])];
  if (branches.length === 0) return [schema];
  const fitting = branches.filter((branch) => isPossible(branch, value));
  // fields may stand beside the alternatives, which then only say which of them are needed
  const own = schema.properties || schema.items ? [schema] : [];
  return [...own, ...(fitting.length > 0 ? fitting : branches).flatMap((branch) => alternatives(branch, value))];
}

/** False where a field with one allowed value holds another: `"type": "schedule"` is no webhook. */
function isPossible({ properties = {} }: Schema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(properties).every(([name, { const: only }]) => {
    const given = (value as Readonly<Record<string, unknown>>)[name];
    return only === undefined || given === undefined || given === null || given === only || !isWord(given);
  });
}

/** A half-typed value rules nothing out. */
function isWord(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value !== MARKER;
}

/** What a value may be, where that is a list. */
export function valuesOf({ type, enum: choices, const: only }: Schema): readonly unknown[] {
  if (only !== undefined) return [only];
  if (choices) return choices;
  return type === 'boolean' ? [true, false] : [];
}

export function typeOf(schema: Schema): string {
  const values = valuesOf(schema);
  if (values.length > 0 && schema.type !== 'boolean') return values.map(String).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  return typeof schema.type === 'string' ? schema.type : '';
}
