import type { Json, JsonObject } from '../../contracts/json.ts';
import { compilePattern } from '../../flows/pattern.ts';

export interface ReadableSchema {
  readonly schema: JsonObject;
  /** Each pattern that was left out: where it stands, the pattern, and why. */
  readonly unchecked: readonly string[];
}

/** Keywords whose values are data, however much they look like a schema. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'example']);

/**
 * An agent's schema without the patterns that the engine cannot read (it matches in RE2, in linear time, which knows no
 * look-around and no back-references). The rest of the schema still holds, and the agent's own zod checks the pattern.
 * @param at what the schema is called in `unchecked`
 */
export function withReadablePatterns(schema: JsonObject, at: string): ReadableSchema {
  const unchecked: string[] = [];
  return { schema: walk(schema, at) as JsonObject, unchecked };

  function walk(value: Json, path: string): Json {
    if (Array.isArray(value)) return value.map((each, index) => walk(each, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    const kept = withoutPatternProperties(value, path);
    return Object.fromEntries(
      Object.entries(kept)
        .filter(([key, each]) => key !== 'pattern' || typeof each !== 'string' || isReadable(each, path))
        .map(([key, each]) => [key, DATA.has(key) ? each : walk(each, `${path}.${key}`)]),
    );
  }

  /** What such properties may be is then open, and so is which others there may be. */
  function withoutPatternProperties(value: JsonObject, path: string): JsonObject {
    const { patternProperties, additionalProperties: _, unevaluatedProperties: __, ...rest } = value;
    if (typeof patternProperties !== 'object' || patternProperties === null) return value;
    return Object.keys(patternProperties).every((pattern) => isReadable(pattern, path)) ? value : rest;
  }

  function isReadable(pattern: string, path: string): boolean {
    try {
      compilePattern(pattern);
      return true;
    } catch (error) {
      unchecked.push(`${path}: ${pattern} (${(error as Error).message})`);
      return false;
    }
  }
}
