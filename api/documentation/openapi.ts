import { z } from 'zod';
import { ERROR_CATALOGUE, type ErrorCode } from '../../contracts/errors.ts';
import { definitionJsonSchema } from '../../flows/definition.ts';
import { grantedTo } from '../auth/scopes.ts';
import { PROBLEM_TYPE } from '../problem.ts';
import type { ResponseSpec, Route } from '../route.ts';
import { PROBLEM_EXAMPLE, REQUEST_EXAMPLES, RESPONSE_EXAMPLES } from './examples.ts';
import { API_VERSION } from './version.ts';

type JsonSchema = Record<string, unknown>;
type Components = Record<string, JsonSchema>;

/** What the operations of each tag are about. */
const TAGS: Readonly<Record<string, string>> = {
  Health: 'Whether the process and what it stands on are well. Open to everybody.',
  Metrics: 'What Prometheus scrapes.',
  Documentation: 'This document, the one of events, and a page to read and try.',
  Session: 'Who is calling; the login of browsers.',
  Workflows: 'Definitions and their versions; starting and trying them.',
  Runs: 'What ran and runs: nodes, events, logs, and why something waits.',
  'Run control': 'Cancel, pause, retry, signal, skip.',
  Agents: 'The programs that nodes run.',
  Approvals: 'What waits for a person.',
  Webhooks: 'Alerts and other messages that come in and start runs.',
  Triggers: 'What starts runs besides people, and what it decided.',
  Overview: 'The service at a glance: runs, workers, queues.',
  Doctor: 'Open nodes, as Postgres, the queues and the workers see them, and the repair.',
  Tokens: 'Who may call.',
  Limits: 'How much a project has, and may have.',
  Secrets: 'What agents are given sealed, and which of them.',
  Audit: 'Who changed what.',
};

/** The OpenAPI 3.1 document of the routes, made from the schemas that guard them. */
export function openApiDocument(routes: readonly Route[]): JsonSchema {
  const components: Components = { Problem: problemSchema() };
  const paths: Record<string, JsonSchema> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components) };
  }
  components.WorkflowDefinition = hoist(definitionJsonSchema(), components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'commandcenter',
      version: API_VERSION,
      description: 'Workflows of agents: define, trigger, watch and control them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: components,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(route: Route, components: Components): JsonSchema {
  const { id, tag, summary, description, scope, body } = route;
  const parameters = [
    ...parametersOf('path', route.params, components),
    ...parametersOf('query', route.query, components),
    ...Object.entries(route.headers ?? {}).map(([name, text]) => ({
      name,
      in: 'header',
      description: text,
      schema: { type: 'string' },
    })),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    'x-scope': scope,
    security: scope === 'public' ? [] : [{ token: [] }],
    ...(scope !== 'public' && { 'x-granted-to': grantedTo(scope) }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { 'application/json': withExample(schemaOf(body, 'input', components), REQUEST_EXAMPLES[id]) },
      },
    }),
    responses: responsesOf(route, components),
  };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, components: Components): JsonSchema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', components) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function responsesOf(route: Route, components: Components): JsonSchema {
  const declared = Object.entries(route.responses).map(([status, spec]) => [
    status,
    response(Number(status), spec, { components, example: RESPONSE_EXAMPLES[route.id]?.[Number(status)] }),
  ]);
  const problems = problemCodes(route)
    .filter((code) => !(ERROR_CATALOGUE[code].status in route.responses))
    .map((code) => [String(ERROR_CATALOGUE[code].status), problemResponse(ERROR_CATALOGUE[code].title)]);
  return Object.fromEntries([...declared, ...problems]) as JsonSchema;
}

function response(
  status: number,
  { description, schema, contentType, headers }: ResponseSpec,
  { components, example }: { readonly components: Components; readonly example: unknown },
): JsonSchema {
  if (status >= 400 && !schema) return problemResponse(description);
  const content = schema
    ? schemaOf(schema, 'output', components)
    : contentType === undefined
      ? undefined
      : { type: 'string' };
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }]),
      ),
    }),
    ...(content && { content: { [contentType ?? 'application/json']: withExample(content, example) } }),
  };
}

function withExample(schema: JsonSchema, example: unknown): JsonSchema {
  return example === undefined ? { schema } : { schema, example };
}

/** What every route of this kind may answer besides what it declares. */
function problemCodes(route: Route): ErrorCode[] {
  return [
    'INVALID_INPUT', // a parameter that it does not know, whatever it knows
    ...(route.scope === 'public' ? [] : (['UNAUTHENTICATED', 'FORBIDDEN', 'DATABASE_UNAVAILABLE'] as const)),
    ...(route.rateLimited === false ? [] : (['RATE_LIMITED'] as const)),
    ...(route.params ? (['NOT_FOUND'] as const) : []),
    ...(route.body ? (['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
  ];
}

function problemResponse(description: string): JsonSchema {
  return { description, content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}

function problemSchema(): JsonSchema {
  const text = { type: 'string' };
  return {
    type: 'object',
    description: 'RFC 9457',
    examples: [PROBLEM_EXAMPLE],
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      code: { type: 'string', enum: Object.keys(ERROR_CATALOGUE) },
      requestId: text,
      errors: {
        type: 'array',
        items: { type: 'object', required: ['path', 'message'], properties: { path: text, message: text } },
      },
    },
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): JsonSchema {
  return hoist(z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }), components);
}

/** Schemas with an id of their own become components; references to them follow. */
function hoist({ $schema: _, $defs = {}, ...schema }: JsonSchema, components: Components): JsonSchema {
  for (const [name, definition] of Object.entries($defs as Components))
    components[name] = pointToComponents(definition);
  return pointToComponents(schema);
}

function pointToComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'), tidied) as JsonSchema;
}

/** What zod writes and readers of the document do not need, or stumble over. */
function tidied(this: unknown, key: string, value: unknown): unknown {
  if (key === 'id' && typeof value === 'string') return undefined; // the component's own name, which JSON Schema does not know
  if (key === 'additionalProperties' && isEmpty(value)) return true;
  if (key === 'pattern' && typeof this === 'object' && this !== null && 'format' in this) return undefined; // says the same
  if (value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER) return undefined;
  return value;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
