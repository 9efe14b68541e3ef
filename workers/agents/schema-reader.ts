/**
 * Runs in a process of its own: imports an agent's compiled schemas (argv[2]) and sends its InputSchema and OutputSchema
 * as JSON Schema over IPC, made with the agent's own zod (found from its folder, argv[3]).
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../../contracts/json.ts';
import type { SchemaAnswer } from './read-schemas.ts';
import { isZod3, zod3ToJsonSchema } from './zod3-to-json-schema.ts';

interface Zod4Schema {
  readonly _zod: unknown;
  toJSONSchema?(options: object): JsonObject;
}

type ToJsonSchema = (schema: Zod4Schema, options: object) => JsonObject;

/** What the schema accepts, which is what the engine checks: defaults are not required, transforms are left out. */
const OPTIONS = { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' };

const [compiled = '', directory = ''] = process.argv.slice(2);
const answer: SchemaAnswer = await read().catch((error: unknown) => ({ ok: false, reason: messageOf(error) }));
process.send?.(answer, () => process.exit(0));

async function read(): Promise<SchemaAnswer> {
  const exported = (await import(pathToFileURL(compiled).href)) as Record<string, unknown>;
  return {
    ok: true,
    inputSchema: await convert('InputSchema', exported.InputSchema),
    outputSchema: await convert('OutputSchema', exported.OutputSchema),
  };
}

async function convert(name: string, schema: unknown): Promise<JsonObject> {
  if (schema === undefined) throw new Error(`it exports no ${name}`);
  if (isZod4(schema)) return schema.toJSONSchema?.(OPTIONS) ?? (await findConverter())(schema, OPTIONS);
  if (isZod3(schema)) return zod3ToJsonSchema(schema);
  throw new Error(`its ${name} is no zod schema`);
}

/** Early versions of zod 4 have no method for it; those inside zod 3 are a module of their own. */
async function findConverter(): Promise<ToJsonSchema> {
  const { resolve } = createRequire(join(directory, 'schemas.ts'));
  for (const name of ['zod', 'zod/v4']) {
    const { toJSONSchema } = (await import(pathToFileURL(resolve(name)).href)) as { toJSONSchema?: ToJsonSchema };
    if (toJSONSchema) return toJSONSchema;
  }
  throw new Error('its zod cannot be turned into JSON Schema; update it');
}

function isZod4(schema: unknown): schema is Zod4Schema {
  return typeof schema === 'object' && schema !== null && '_zod' in schema;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
