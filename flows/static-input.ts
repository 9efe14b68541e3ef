import type { Problem } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { pathOf, problemOf, schemaErrors, type JsonSchema, type SchemaError } from './json-schema.ts';
import { splitTemplate } from './template-text.ts';

/**
 * What a schema can already say against an input whose templates are not resolved yet. Everything that could become
 * right with the right values is let through: the check is made again when the node runs.
 */
export function staticInputProblems(schema: JsonSchema, input: JsonObject, at: readonly PropertyKey[]): Problem[] {
  return schemaErrors(schema, input)
    .filter((error) => isCertain(error, input))
    .map((error) => problemOf(error, input, at));
}

/** Keywords that judge a value by parts of it: undecided as long as one part is. */
const WHOLE_VALUE = new Set(['anyOf', 'oneOf', 'not', 'if', 'const', 'enum', 'uniqueItems', 'contains']);

function isCertain(error: SchemaError, input: JsonObject): boolean {
  // what a branch says counts only through the anyOf itself
  if (/\/(anyOf|oneOf|not|if|contains)\//.test(error.schemaPath)) return false;
  const value = valueAt(error.instancePath, input);
  if (typeof value === 'string' && value.includes('{{')) return isText(value) && error.keyword === 'type';
  return !WHOLE_VALUE.has(error.keyword) || !hasTemplate(value);
}

function valueAt(pointer: string, input: Json): Json | undefined {
  return pathOf(pointer, input).reduce<Json | undefined>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, Json>)[key] : undefined,
    input,
  );
}

/** True for a string that stays one whatever its templates give. */
function isText(template: string): boolean {
  const parts = splitTemplate(template);
  return parts.length > 1 || parts.some((part) => 'text' in part);
}

function hasTemplate(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.includes('{{');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasTemplate);
}
