import type { Context } from 'koa';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { RouteScope } from './auth/scopes.ts';
import type { Principal } from './auth/principal.ts';
import type { Api } from './api.ts';

type Shape = z.ZodType;
type Values<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What the guard hands to a handler: everything validated. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The body as it was sent; empty where the route takes none. */
  readonly rawBody: string;
  readonly principal: Principal;
  readonly api: Api;
  readonly ctx: Context;
}

/** An answer; `body` is JSON unless it is a stream or a text with a Content-Type header of its own. */
export interface Answer {
  readonly status: number;
  readonly body?: object | string | Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ResponseSpec {
  readonly description: string;
  readonly schema?: Shape;
  /** Default: application/json. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How a body is read. `strict` refuses what could do harm or could not be stored (keys like `__proto__`, NUL characters);
 * `lenient` leaves that to the handler: of a hundred alerts one odd one must not lose the others. `form` is the login's.
 */
export type BodyMode = 'strict' | 'lenient' | 'form';

interface RouteSpec<P extends Shape | undefined, Q extends Shape | undefined, B extends Shape | undefined> {
  /** The operation's name in the OpenAPI document and in the audit log. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters as `:name`. */
  readonly path: string;
  readonly scope: RouteScope;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyMode?: BodyMode;
  /** Request headers that the route reads, with what they do. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** Default true. AlertManager gives up on 429, so its webhook is never limited; nor is what watches the service. */
  readonly rateLimited?: boolean;
  readonly handle: (call: Call<Values<P>, Values<Q>, Values<B>>) => Promise<Answer> | Answer;
}

/** A route as data: the guard, the OpenAPI document, the table of scopes and the tests all read it. */
export type Route = Omit<RouteSpec<Shape, Shape, Shape>, 'handle'> & {
  readonly handle: (call: Call) => Promise<Answer> | Answer;
};

/** Declares a route; the handler's arguments get their types from the schemas. */
export function defineRoute<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(spec: RouteSpec<P, Q, B>): Route {
  // the guard calls `handle` with what the schemas of the same spec gave
  return spec as unknown as Route;
}
