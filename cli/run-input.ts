import { usageError } from './exit-codes.ts';
import type { World } from './session.ts';
import { parseDocument, readPair, readSource, readValue, type JsonRecord } from './values.ts';

export interface InputFlags {
  readonly input?: readonly string[];
  readonly inputFile?: string;
}

/**
 * The input of a run: the file, then the single fields over it; undefined where neither is given.
 * @param schema the workflow's, which says which fields are text whatever they look like
 */
export async function readInput(
  { input = [], inputFile }: InputFlags,
  schema: unknown,
  world: World,
): Promise<JsonRecord | undefined> {
  if (input.length === 0 && inputFile === undefined) return undefined;
  const fields = input.map((given): [string, unknown] => {
    const [key, text] = readPair(given, '--input');
    return [key, isText(schema, key) ? text : readValue(text)];
  });
  return { ...(inputFile !== undefined && (await readFile(inputFile, world))), ...Object.fromEntries(fields) };
}

async function readFile(path: string, world: World): Promise<JsonRecord> {
  const document = parseDocument(await readSource(path, world), path);
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document as JsonRecord;
  throw usageError(`${path} must hold an object: the input has named fields`);
}

/** A version `1.10` for a field of type string must not become the number 1.1. */
function isText(schema: unknown, key: string): boolean {
  const { properties } = asObject(schema);
  return asObject(asObject(properties)[key]).type === 'string';
}

function asObject(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null ? (value as JsonRecord) : {};
}
