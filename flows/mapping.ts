import type { Json, JsonObject } from '../contracts/json.ts';
import { compileTemplate, type CompiledTemplate } from './templates.ts';

/** By the mapping in the definition, which is frozen: compiled once for each version of a workflow. */
const compiled = new WeakMap<object, CompiledTemplate>();

/**
 * The input of a run: what a trigger's `mapping` makes of what arrived, or what arrived.
 * @throws AppError TEMPLATE_ERROR that names the path in the mapping
 */
export function mapInput(mapping: object | undefined, arrived: JsonObject): Json {
  if (mapping === undefined) return arrived;
  const template = compiled.get(mapping) ?? compileTemplate(mapping as JsonObject, { nodeIds: [] });
  compiled.set(mapping, template);
  return template.resolve({ input: arrived, run: {}, nodes: {} });
}
