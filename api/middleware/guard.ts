import { Readable } from 'node:stream';
import type { Context, Middleware } from 'koa';
import type { z } from 'zod';
import { AppError, type ErrorCode } from '../../contracts/errors.ts';
import { toShownJson } from '../../contracts/json.ts';
import { problemError, problemsOf } from '../../flows/problems.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import type { RateLimits } from '../auth/rate-limit.ts';
import { allows, grantedTo } from '../auth/scopes.ts';
import type { Api } from '../api.ts';
import type { Answer, Route } from '../route.ts';
import { hazards } from './json-hazards.ts';
import { readBody } from './read-body.ts';

export interface GuardParts {
  readonly api: Api;
  readonly authenticate: Authenticate;
  readonly limits: RateLimits;
}

const NOBODY: Principal = { name: 'anonymous', scope: 'viewer', via: 'anonymous' };

/** What stands before each handler: who calls, may they, is what they send well-formed. Then the handler, then its answer. */
export function guard(route: Route, parts: GuardParts): Middleware {
  return async (ctx) => {
    ctx.state.route = route.path;
    const principal = route.scope === 'public' ? NOBODY : await admit(ctx, route, parts);
    const params = validate(route.params, ctx.params, 'NOT_FOUND', 'There is nothing at this address');
    const query = validate(route.query, queryOf(ctx), 'INVALID_INPUT', 'The query is not valid');
    const { value, text } = route.body
      ? await readBody(ctx.req, route.bodyMode ?? 'strict')
      : { value: undefined, text: '' };
    const body = validate(route.body, value, 'INVALID_INPUT', 'The body is not valid');
    const call = { params, query, body, rawBody: text, principal, api: parts.api, ctx };
    const answer = await countRefusals(ctx, parts, async () => route.handle(call));
    if (answer.status === 401) await parts.limits.failure(ctx);
    send(ctx, answer);
  };
}

async function admit(ctx: Context, route: Route, { api, authenticate, limits }: GuardParts): Promise<Principal> {
  const limited = route.rateLimited ?? true;
  const principal = await identify(ctx, { authenticate, limits }, limited);
  if (limited && api.directory.required) await limits.request(ctx, principal);
  if (!allows(principal.scope, route.scope)) throw forbidden(principal, route);
  return principal;
}

/** Who calls; refusals are counted by address, so that nobody tries tokens at leisure. */
export async function identify(
  ctx: Context,
  { authenticate, limits }: Pick<GuardParts, 'authenticate' | 'limits'>,
  limited = true,
): Promise<Principal> {
  return limited ? countRefusals(ctx, { limits }, () => authenticate(ctx)) : authenticate(ctx);
}

/** Also around a handler: the login, open to everybody, refuses tokens itself. */
async function countRefusals<T>(
  ctx: Context,
  { limits }: Pick<GuardParts, 'limits'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHENTICATED') await limits.failure(ctx);
    throw error;
  }
}

function forbidden({ scope }: Principal, { scope: wanted }: Route): AppError {
  return new AppError('FORBIDDEN', `This needs the scope ${grantedTo(wanted).join(' or ')}; yours is ${scope}.`);
}

/** A parameter given twice is a list, which no schema of a single value takes. */
function queryOf(ctx: Context): Record<string, unknown> {
  if (ctx.querystring === '') return {};
  const problems = hazards(ctx.query);
  if (problems.length > 0) throw problemError('INVALID_INPUT', 'The query is not valid', problems);
  return { ...ctx.query };
}

function validate(schema: z.ZodType | undefined, value: unknown, code: ErrorCode, what: string): unknown {
  if (!schema) {
    if (value === undefined || Object.keys(value as object).length === 0) return undefined;
    const problems = Object.keys(value as object).map((key) => ({ path: key, message: `Unknown parameter "${key}"` }));
    throw problemError(code, what, problems);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw problemError(code, what, problemsOf(parsed.error));
  return parsed.data;
}

function send(ctx: Context, { status, body, headers }: Answer): void {
  ctx.status = status;
  if (isPlain(body)) {
    ctx.body = toShownJson(body);
    ctx.type = 'application/json';
  } else if (body !== undefined) ctx.body = body;
  if (headers) ctx.set(headers);
}

function isPlain(body: Answer['body']): boolean {
  return typeof body === 'object' && !(body instanceof Readable);
}
