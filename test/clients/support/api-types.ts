// `node --import=tsx test/clients/support/api-types.ts`: writes the clients' types anew from the routes themselves.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../../../api/documentation/openapi.ts';
import { routes } from '../../../api/routes.ts';

export const API_TYPES_FILE = fileURLToPath(new URL('../../../clients/typescript/api.generated.ts', import.meta.url));

/** The source of clients/typescript/api.generated.ts, as the routes of now make it. */
export async function renderApiTypes(): Promise<string> {
  const document = JSON.parse(JSON.stringify(openApiDocument(routes))) as OpenAPI3;
  const source = `// Made by test/clients/support/api-types.ts from the routes: do not edit.\n${astToString(await openapiTypescript(document))}`;
  return format(source, { ...(await resolveConfig(API_TYPES_FILE)), filepath: API_TYPES_FILE });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(API_TYPES_FILE, await renderApiTypes());
