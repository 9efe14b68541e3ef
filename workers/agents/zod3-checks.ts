import type { JsonObject } from '../../contracts/json.ts';

/** One check of a zod 3 string or number. */
export interface Check {
  readonly kind: string;
  readonly value?: unknown;
  readonly inclusive?: boolean;
  readonly regex?: RegExp;
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'email',
  url: 'uri',
  uuid: 'uuid',
  datetime: 'date-time',
  date: 'date',
  time: 'time',
  duration: 'duration',
};

const CHANGES = new Set(['trim', 'toLowerCase', 'toUpperCase']);

/** Length, pattern and format of a string; what is checked after the string was changed says nothing about the input. */
export function checksOfString(checks: readonly Check[]): JsonObject {
  const change = checks.findIndex(({ kind }) => CHANGES.has(kind));
  return merge(checks.slice(0, change < 0 ? undefined : change).map(stringCheck));
}

/** Range, step and integrity of a number. */
export function checksOfNumber(checks: readonly Check[]): JsonObject {
  return merge(checks.map(numberCheck));
}

function stringCheck({ kind, value, regex }: Check): JsonObject {
  switch (kind) {
    case 'min':
      return { minLength: value as number };
    case 'max':
      return { maxLength: value as number };
    case 'length':
      return { minLength: value as number, maxLength: value as number };
    case 'regex':
      // JSON Schema has no flags: a pattern that needs them would mean something else
      return regex?.flags.replace(/[gu]/g, '') === '' ? { pattern: regex.source } : {};
    case 'startsWith':
      return { pattern: `^${escape(value as string)}` };
    case 'endsWith':
      return { pattern: `${escape(value as string)}$` };
    case 'includes':
      return { pattern: escape(value as string) };
    default:
      return FORMATS[kind] === undefined ? {} : { format: FORMATS[kind] };
  }
}

function numberCheck({ kind, value, inclusive }: Check): JsonObject {
  switch (kind) {
    case 'int':
      return { type: 'integer' };
    case 'min':
      return inclusive ? { minimum: value as number } : { exclusiveMinimum: value as number };
    case 'max':
      return inclusive ? { maximum: value as number } : { exclusiveMaximum: value as number };
    case 'multipleOf':
      return { multipleOf: value as number };
    default:
      return {};
  }
}

/** Several patterns all have to hold; of anything else the last one counts. */
function merge(parts: readonly JsonObject[]): JsonObject {
  const patterns = parts.flatMap(({ pattern }) => (pattern === undefined ? [] : [{ pattern }]));
  const merged: JsonObject = Object.assign({}, ...parts) as JsonObject;
  if (patterns.length < 2) return merged;
  delete merged.pattern;
  return { ...merged, allOf: patterns };
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
