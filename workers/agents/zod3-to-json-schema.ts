import type { Json, JsonObject } from '../../contracts/json.ts';
import { checksOfNumber, checksOfString, type Check } from './zod3-checks.ts';

/** The inside of a zod 3 schema, as far as we read it. */
export interface Zod3Schema {
  readonly _def: Zod3Definition;
  readonly description?: string | undefined;
}

interface Zod3Definition {
  readonly typeName: string;
  readonly [key: string]: unknown;
}

type Converter = (definition: Zod3Definition, convert: Convert) => JsonObject;
type Convert = (schema: unknown) => JsonObject;

export function isZod3(schema: unknown): schema is Zod3Schema {
  const definition = (schema as { _def?: { typeName?: unknown } } | undefined)?._def;
  return typeof definition?.typeName === 'string' && definition.typeName.startsWith('Zod');
}

/**
 * What a zod 3 schema accepts, as JSON Schema 2020-12 (zod 3 cannot say it itself). What JSON Schema has no word for
 * (refinements, transforms) is left out: the agent itself still checks it. Recursive schemas become `$defs`.
 */
export function zod3ToJsonSchema(schema: object): JsonObject {
  const names = new Map<Zod3Definition, string>();
  const definitions: JsonObject = {};
  const convert: Convert = (value) => {
    const { _def: definition, description } = value as Zod3Schema;
    const converted = isRecursive(definition) ? refer(definition) : convertPlainly(definition, convert);
    return description === undefined ? converted : { ...converted, description };
  };
  const refer = (definition: Zod3Definition): JsonObject => {
    const known = names.get(definition);
    const name = known ?? `schema${names.size + 1}`;
    if (known === undefined) {
      names.set(definition, name);
      definitions[name] = convert((definition.getter as () => Zod3Schema)());
    }
    return { $ref: `#/$defs/${name}` };
  };
  const converted = convert(schema);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...converted,
    ...(names.size > 0 ? { $defs: definitions } : {}),
  };
}

function isRecursive({ typeName }: Zod3Definition): boolean {
  return typeName === 'ZodLazy';
}

function convertPlainly(definition: Zod3Definition, convert: Convert): JsonObject {
  return CONVERTERS[definition.typeName]?.(definition, convert) ?? {};
}

const inner: Converter = (definition, convert) => convert(definition.innerType);

const CONVERTERS: Readonly<Record<string, Converter>> = {
  ZodString: ({ checks }) => ({ type: 'string', ...checksOfString(checks as Check[]) }),
  ZodNumber: ({ checks }) => ({ type: 'number', ...checksOfNumber(checks as Check[]) }),
  ZodBigInt: () => ({ type: 'integer' }),
  ZodBoolean: () => ({ type: 'boolean' }),
  ZodNull: () => ({ type: 'null' }),
  ZodNever: () => ({ not: {} }),
  ZodDate: () => ({ type: 'string', format: 'date-time' }),
  ZodLiteral: ({ value }) => ({ const: value as Json }),
  ZodEnum: ({ values }) => ({ type: 'string', enum: values as Json[] }),
  ZodNativeEnum: ({ values }) => ({ enum: nativeEnumValues(values as Record<string, string | number>) }),
  ZodObject: convertObject,
  ZodRecord: ({ keyType, valueType }, convert) => ({
    type: 'object',
    propertyNames: convert(keyType),
    additionalProperties: convert(valueType),
  }),
  ZodArray: convertArray,
  ZodSet: ({ valueType }, convert) => ({ type: 'array', uniqueItems: true, items: convert(valueType) }),
  ZodTuple: convertTuple,
  ZodUnion: ({ options }, convert) => ({ anyOf: (options as unknown[]).map(convert) }),
  ZodDiscriminatedUnion: ({ options }, convert) => ({ anyOf: [...(options as Iterable<unknown>)].map(convert) }),
  ZodIntersection: ({ left, right }, convert) => ({ allOf: [convert(left), convert(right)] }),
  ZodNullable: (definition, convert) => ({ anyOf: [inner(definition, convert), { type: 'null' }] }),
  ZodOptional: inner,
  ZodReadonly: inner,
  ZodCatch: () => ({}), // it accepts anything
  ZodDefault: (definition, convert) => ({
    ...inner(definition, convert),
    default: (definition.defaultValue as () => Json)(),
  }),
  ZodBranded: ({ type }, convert) => convert(type),
  ZodPromise: ({ type }, convert) => convert(type),
  ZodPipeline: ({ in: before }, convert) => convert(before),
  // what comes before a `preprocess` can be anything
  ZodEffects: ({ schema, effect }, convert) =>
    (effect as { type: string }).type === 'preprocess' ? {} : convert(schema),
};

function convertObject(definition: Zod3Definition, convert: Convert): JsonObject {
  const shape = (definition.shape as () => Record<string, Zod3Schema>)();
  const fields = Object.entries(shape);
  const required = fields.filter(([, field]) => !acceptsUndefined(field)).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, convert(field)])),
    ...(required.length > 0 ? { required } : {}),
    ...otherFields(definition, convert),
  };
}

function otherFields({ unknownKeys, catchall }: Zod3Definition, convert: Convert): JsonObject {
  if ((catchall as Zod3Schema)._def.typeName !== 'ZodNever') return { additionalProperties: convert(catchall) };
  return unknownKeys === 'strict' ? { additionalProperties: false } : {};
}

function convertArray(definition: Zod3Definition, convert: Convert): JsonObject {
  const limit = (name: string) => (definition[name] as { value: number } | null)?.value;
  const [least, most] = [limit('exactLength') ?? limit('minLength'), limit('exactLength') ?? limit('maxLength')];
  return {
    type: 'array',
    items: convert(definition.type),
    ...(least === undefined ? {} : { minItems: least }),
    ...(most === undefined ? {} : { maxItems: most }),
  };
}

function convertTuple({ items, rest }: Zod3Definition, convert: Convert): JsonObject {
  const prefixItems = (items as unknown[]).map(convert);
  return {
    type: 'array',
    prefixItems,
    minItems: prefixItems.length,
    ...(rest === null ? { maxItems: prefixItems.length } : { items: convert(rest) }),
  };
}

/** A numeric enum of TypeScript also maps its numbers back to their names. */
function nativeEnumValues(values: Readonly<Record<string, string | number>>): Json[] {
  const names = Object.keys(values).filter((name) => typeof values[String(values[name])] !== 'number');
  return [...new Set(names.map((name) => values[name] as Json))];
}

function acceptsUndefined({ _def: definition }: Zod3Schema): boolean {
  switch (definition.typeName) {
    case 'ZodOptional':
    case 'ZodDefault':
    case 'ZodCatch':
    case 'ZodUndefined':
    case 'ZodVoid':
    case 'ZodAny':
    case 'ZodUnknown':
      return true;
    case 'ZodNullable':
    case 'ZodReadonly':
      return acceptsUndefined(definition.innerType as Zod3Schema);
    case 'ZodBranded':
      return acceptsUndefined(definition.type as Zod3Schema);
    case 'ZodPipeline':
      return acceptsUndefined(definition.in as Zod3Schema);
    case 'ZodEffects':
      return (
        (definition.effect as { type: string }).type === 'preprocess' ||
        acceptsUndefined(definition.schema as Zod3Schema)
      );
    case 'ZodUnion':
      return (definition.options as Zod3Schema[]).some(acceptsUndefined);
    default:
      return false;
  }
}
