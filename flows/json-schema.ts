import { Ajv } from 'ajv';
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats, { type FormatsPlugin } from 'ajv-formats';
import type { Problem } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { compilePattern } from './pattern.ts';
import { dottedPath } from './problems.ts';
import { schemaLimitProblem } from './schema-limits.ts';

/** A JSON Schema as a user wrote it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type SchemaError = ErrorObject;

interface CompiledSchema {
  /** What is wrong with the schema itself; it then accepts everything. */
  readonly problem: string | null;
  check(value: unknown): readonly SchemaError[];
}

/**
 * Checks a value against a user's JSON Schema (draft 2020-12, 2019-09 or 7). Compiled schemas are kept.
 * @returns no problems where the schema itself cannot be used: `schemaProblem` refuses such a one when it is stored.
 */
export function validateInput(schema: JsonSchema, value: unknown, at: readonly PropertyKey[] = []): Problem[] {
  return schemaErrors(schema, value).map((error) => problemOf(error, value, at));
}

/** The same, as ajv tells it. */
export function schemaErrors(schema: JsonSchema, value: unknown): readonly SchemaError[] {
  return compiledSchema(schema).check(value);
}

/** What makes a schema unusable: not a schema, too large, a `$ref` to elsewhere, a pattern that RE2 cannot read. */
export function schemaProblem(schema: JsonSchema): string | null {
  return compiledSchema(schema).problem;
}

/** By identity first, since agents' schemas are asked for every node that runs; then by content. */
const byObject = new WeakMap<JsonSchema, CompiledSchema>();
const byContent = new Map<string, CompiledSchema>();
const KEPT = 500;

function compiledSchema(schema: JsonSchema): CompiledSchema {
  const known = byObject.get(schema) ?? compiledByContent(schema);
  byObject.set(schema, known);
  return known;
}

function compiledByContent(schema: JsonSchema): CompiledSchema {
  const limitProblem = schemaLimitProblem(schema);
  if (limitProblem !== null) return unusable(limitProblem);
  const content = JSON.stringify(schema);
  const compiled = byContent.get(content) ?? compile(schema);
  if (byContent.size >= KEPT) byContent.delete(byContent.keys().next().value ?? '');
  byContent.set(content, compiled);
  return compiled;
}

/** ajv tells patterns apart by their text. */
const regExp = Object.assign(
  (pattern: string) => {
    const compiled = compileNamed(pattern);
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
  },
  { code: 'compilePattern' },
);

/** Which of a schema's patterns it is, and why it cannot be used. */
function compileNamed(pattern: string): ReturnType<typeof compilePattern> {
  try {
    return compilePattern(pattern);
  } catch (cause) {
    const shown = pattern.length > LONGEST_SHOWN ? `${pattern.slice(0, LONGEST_SHOWN)}…` : pattern;
    throw new Error(`The pattern ${shown} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

const LONGEST_SHOWN = 100;

const OPTIONS: Options = {
  allErrors: true,
  strict: false,
  validateSchema: true,
  logger: false,
  unicodeRegExp: false,
  code: { regExp },
};

const ajvs = new Map<typeof Ajv | typeof Ajv2020, Ajv>();

function ajvFor($schema: unknown): Ajv {
  const Version = isDraft7($schema) ? Ajv : Ajv2020;
  const ajv = ajvs.get(Version) ?? new Version(OPTIONS);
  // the package is CommonJS: its default export is one level down for the compiler only
  if (!ajvs.has(Version)) (addFormats as unknown as FormatsPlugin)(ajv, { mode: 'fast' });
  ajvs.set(Version, ajv);
  return ajv;
}

function compile(schema: JsonSchema): CompiledSchema {
  try {
    return { problem: null, check: checkWith(validatorFor(schema)) };
  } catch (error) {
    if (error instanceof RangeError) return unusable(ENDLESS);
    return unusable(error instanceof Error ? error.message : 'The schema cannot be read');
  }
}

/** ajv would let schemas of one $id see each other, and keeps what it compiled: neither is wanted. */
function validatorFor({ $schema, $id: _, ...rest }: JsonSchema): ValidateFunction {
  const ajv = ajvFor($schema);
  const schema = isDraft7($schema) ? { ...rest, $schema } : rest;
  try {
    return ajv.compile(schema);
  } finally {
    ajv.removeSchema(schema);
  }
}

function checkWith(validate: ValidateFunction): CompiledSchema['check'] {
  return (value) => {
    try {
      return validate(value) ? [] : (validate.errors ?? []).slice(0, MOST_ERRORS);
    } catch (error) {
      if (error instanceof RangeError) return [endless()];
      throw error;
    }
  };
}

const MOST_ERRORS = 100;

function isDraft7($schema: unknown): boolean {
  return typeof $schema === 'string' && /draft-0[67]/.test($schema);
}

function unusable(problem: string): CompiledSchema {
  return { problem, check: () => [] };
}

const ENDLESS = 'the schema refers to itself without an end';

function endless(): SchemaError {
  return { instancePath: '', schemaPath: '', keyword: '$ref', params: {}, message: ENDLESS };
}

/** Where and what, in words. `required` and unknown fields name the field itself. */
export function problemOf(error: SchemaError, value: unknown, at: readonly PropertyKey[]): Problem {
  const path = [...at, ...pathOf(error.instancePath, value)];
  const { missingProperty, additionalProperty, unevaluatedProperty, allowedValues, allowedValue } =
    error.params as Record<string, string | Json[] | undefined>;
  const unknown = additionalProperty ?? unevaluatedProperty;
  if (typeof missingProperty === 'string') return { path: dottedPath([...path, missingProperty]), message: 'Required' };
  if (typeof unknown === 'string')
    return { path: dottedPath([...path, unknown]), message: `Unknown field "${unknown}"` };
  const allowed = Array.isArray(allowedValues)
    ? `: ${allowedValues.map((each) => JSON.stringify(each)).join(', ')}`
    : '';
  const only = allowedValue === undefined ? '' : `: ${JSON.stringify(allowedValue)}`;
  return { path: dottedPath(path), message: `${capitalised(error.message ?? 'is not valid')}${allowed}${only}` };
}

/** A JSON pointer as a path; digits are an index only where the value has a list. */
export function pathOf(pointer: string, value: unknown): PropertyKey[] {
  let at = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(at) ? Number(name) : name;
      at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
      return key;
    });
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
