import type { Context } from 'koa';
import { z } from 'zod';
import type { Answer } from './route.ts';

/** A number in a query string. */
export const integerParameter = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'Must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `Must be between ${String(min)} and ${String(max)}`)
    .meta({ type: 'integer' });

export const pageQuery = {
  limit: integerParameter(1, 500).default(50).describe('How many at most'),
  cursor: z
    .string()
    .max(200)
    .refine(isCursor, 'Take it from the Link header of the page before')
    .optional()
    .describe('From the Link header of the page before'),
};

/** The number of a row, or its time as Postgres writes it, and its id: one that only looks so would fail in Postgres. */
function isCursor(text: string): boolean {
  if (/^\d{1,15}$/.test(text)) return true;
  const [time = '', id] = text.split('|');
  const iso = time.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00');
  const isTime = /^-?infinity$/.test(time) || z.iso.datetime({ offset: true }).safeParse(iso).success;
  return isTime && z.guid().safeParse(id).success;
}

export const LIST_HEADERS = { Link: 'RFC 8288: `rel="next"`, the address of the next page, where there is one' };

/** A list as a bare array. The next page's address stands in the Link header when this one is full. */
export function listAnswer(
  ctx: Context,
  rows: readonly { readonly cursor: string }[],
  { limit, body }: { limit: number; body: readonly object[] },
): Answer {
  const last = rows.at(-1);
  if (!last || rows.length < limit) return { status: 200, body };
  const next = new URLSearchParams(ctx.querystring);
  next.set('cursor', last.cursor);
  return { status: 200, body, headers: { Link: `<${ctx.path}?${next.toString()}>; rel="next"` } };
}
