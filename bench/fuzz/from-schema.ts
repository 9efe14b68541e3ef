import fc from 'fast-check';
import type { Json } from '../../contracts/json.ts';

/** What of JSON Schema our own documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

export type Components = Readonly<Record<string, Schema>>;

const MOST_LEVELS = 6;
const MOST_ITEMS = 4;

/** Values that fit the schema, small ones; below some levels whatever is shortest. */
export function fromSchema(schema: Schema, components: Components, level = 0): fc.Arbitrary<Json> {
  const inner = (one: Schema): fc.Arbitrary<Json> => fromSchema(one, components, level + 1);
  if (level > MOST_LEVELS) return fc.constant(null);
  if (schema.$ref !== undefined) return inner(components[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return fc.oneof(...branches.map(inner));
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return number(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return list(schema, inner);
    case 'object':
      return object(schema, inner);
    default:
      return fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json);
  }
}

function text({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern !== undefined) return matching(pattern);
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
}

/** fast-check cannot turn every pattern round (look-aheads): a plain name fits most of ours. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern), { size: 'small' });
  } catch {
    return fc.constant('name');
  }
}

function number({ type, minimum = -1_000, maximum = 1_000 }: Schema): fc.Arbitrary<number> {
  const bounds = { min: Math.ceil(minimum), max: Math.floor(Math.max(minimum, maximum)) };
  return type === 'integer'
    ? fc.integer(clampTo32(bounds))
    : fc.oneof(fc.integer(clampTo32(bounds)), fc.constant(minimum));
}

function clampTo32({ min, max }: { min: number; max: number }): { min: number; max: number } {
  return { min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) };
}

function list({ items = {}, minItems = 0, maxItems = MOST_ITEMS }: Schema, inner: (one: Schema) => fc.Arbitrary<Json>) {
  const maxLength = Math.max(minItems, Math.min(maxItems, MOST_ITEMS));
  return fc.array(inner(items), { minLength: minItems, maxLength }) as fc.Arbitrary<Json>;
}

function object(
  { properties = {}, required = [], additionalProperties }: Schema,
  inner: (one: Schema) => fc.Arbitrary<Json>,
): fc.Arbitrary<Json> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, inner(schema)]));
  const known = fc.record(fields, { requiredKeys: [...required] }) as fc.Arbitrary<Record<string, Json>>;
  if (additionalProperties === undefined || additionalProperties === false) return known as fc.Arbitrary<Json>;
  const more = fc.dictionary(
    fc.string({ maxLength: 10 }),
    inner(additionalProperties === true ? {} : additionalProperties),
    { maxKeys: 3, noNullPrototype: true },
  );
  return fc.tuple(known, more).map(([given, extra]) => ({ ...extra, ...given }) as Json);
}
