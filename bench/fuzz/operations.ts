import { openApiDocument } from '../../api/documentation/openapi.ts';
import type { Route } from '../../api/route.ts';
import type { Components, Schema } from './from-schema.ts';
import type { Operation, Parameter } from './request.ts';

interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

export interface Documented {
  readonly operations: readonly Operation[];
  readonly components: Components;
}

/** What the OpenAPI document of the routes promises: the fuzzer reads what any client would read. */
export function documentedOperations(routes: readonly Route[]): Documented {
  const document = openApiDocument(routes) as {
    paths: Record<string, Record<string, DocumentedOperation>>;
    components: { schemas: Components };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody, responses }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content['application/json']?.schema,
      statuses: new Set(Object.keys(responses).map(Number)),
    })),
  );
  return { operations, components: document.components.schemas };
}

/** The operation that answers at an address, as the router would find it; undefined where none does. */
export function operationAt(operations: readonly Operation[], method: string, path: string): Operation | undefined {
  const [pathname = ''] = path.split('?');
  return operations.find((operation) => operation.method === method && patternOf(operation.path).test(pathname));
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${escaped}/?$`);
}
