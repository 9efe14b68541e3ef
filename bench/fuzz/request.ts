import fc from 'fast-check';
import type { Json } from '../../contracts/json.ts';
import { fromSchema, type Components, type Schema } from './from-schema.ts';
import { hostileText } from './hostile.ts';
import { brokenText, mutated } from './mutate.ts';

/** A request as it goes over the wire. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
  readonly required?: boolean;
}

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  /** The statuses that the document names. */
  readonly statuses: ReadonlySet<number>;
}

/** Ids and names of what is there, by the name of the path parameter, so that requests get past "not found". */
export type Known = Readonly<Record<string, readonly string[]>>;

const JSON_TYPE = 'application/json';
const OTHER_TYPES = [
  'text/plain',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-7',
  '',
];

/** Requests to one operation: well-formed ones, ones with a thing or two wrong, and broken ones. */
export function requestTo(operation: Operation, components: Components, known: Known): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      path: pathOf(operation, known),
      query: queryOf(operation),
      headers: headersOf(operation),
      body: operation.body ? bodyOf(operation.body, components) : straySent(operation),
      type: often(fc.constant(JSON_TYPE), fc.constantFrom(...OTHER_TYPES)),
    })
    .map(({ path, query, headers, body, type }) => ({
      method: operation.method,
      path: query === '' ? path : `${path}?${query}`,
      headers: { ...headers, ...(body && type !== '' && { 'content-type': type }) },
      body,
    }));
}

/** Mostly the first, else the second. */
function often<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

/** One time in so many. */
function sometimes<T>(oneIn: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

function pathOf({ path }: Operation, known: Known): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const values = names.map((name) => often(fc.constantFrom(...(known[name] ?? ['nothing'])), hostileText));
  return fc
    .tuple(
      fc.tuple(...values),
      often(
        fc.constant((address: string) => address),
        fc.constantFrom(...ODD_PATHS),
      ),
    )
    .map(([chosen, twist]) => {
      const rest = [...chosen];
      return twist(path.replaceAll(/\{\w+\}/g, () => encode(rest.shift() ?? '')));
    });
}

/** Ways to write an address that a filter may read otherwise than the router. */
const ODD_PATHS: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => path.toUpperCase(),
  (path) => `${path}/health`,
  (path) => `${path};.js`,
  (path) => `${path}%20`,
  (path) => `/health/..${path}`,
  (path) => path.replaceAll('/', '%2f').replace('%2f', '/'),
];

/** Lone surrogates have no encoding: they go as the replacement character. */
function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return encodeURIComponent(Buffer.from(text).toString());
  }
}

function queryOf({ parameters }: Operation): fc.Arbitrary<string> {
  const own = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) =>
      sometimes(2, fc.oneof(valueOf(name, schema), hostileText)).map((value) => [name, value] as const),
    );
  const stray = sometimes(12, fc.tuple(hostileText, hostileText));
  return fc
    .tuple(fc.tuple(...own), stray)
    .map(([pairs, extra]) =>
      [...pairs, ...(extra ? [extra] : [])]
        .flatMap(([name, value]) => (value === undefined ? [] : [`${encode(name)}=${encode(value)}`]))
        .join('&'),
    );
}

/** Waiting a minute would be right, and no fun. */
function valueOf(name: string, schema: Schema): fc.Arbitrary<string> {
  if (name === 'wait') return fc.constantFrom('0', '1');
  return fromSchema(schema, {}).map(String);
}

function headersOf({ parameters }: Operation): fc.Arbitrary<Record<string, string>> {
  const names = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
  const own = Object.fromEntries(names.map((name) => [name, headerText]));
  return fc
    .tuple(fc.record(own, { requiredKeys: [] }), sometimes(5, fc.constantFrom(...ODD_HEADERS)))
    .map(([given, odd]) => ({ ...given, ...odd }) as Record<string, string>);
}

/** What a header may hold at all: other characters the client refuses to send. */
const headerText = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,60}$/),
  fc.constantFrom('0', '1', '999999999', '"1"', 'W/"1"', '*', '1.1', 'x'.repeat(300)),
);

const ODD_HEADERS: readonly Record<string, string>[] = [
  { 'content-encoding': 'gzip' },
  { accept: 'text/html' },
  { 'x-request-id': '../../x' },
  { 'x-forwarded-for': '::1, 127.0.0.1' },
  { 'x-forwarded-host': 'evil.example' },
  { 'x-http-method-override': 'DELETE' },
  { 'x-original-url': '/health' },
  { traceparent: '00-zz-zz-00' },
  { expect: '100-continue' },
  { range: 'bytes=0-18446744073709551615' },
];

function bodyOf(schema: Schema, components: Components): fc.Arbitrary<Buffer | undefined> {
  const fitting = fromSchema(schema, components);
  const asBytes = (value: Json): Buffer => Buffer.from(JSON.stringify(value));
  return fc.oneof(
    { weight: 4, arbitrary: fitting.map(asBytes) },
    { weight: 8, arbitrary: fitting.chain(mutated).map(asBytes) },
    { weight: 3, arbitrary: fitting.chain(mutated).chain(mutated).map(asBytes) },
    { weight: 2, arbitrary: fitting.chain((value) => brokenText(JSON.stringify(value))) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

function straySent({ method }: Operation): fc.Arbitrary<Buffer | undefined> {
  if (method === 'GET') return fc.constant(undefined);
  return sometimes(2, fc.constant(Buffer.from('{"stray":true}')));
}
