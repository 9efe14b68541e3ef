import { isIP } from 'node:net';
import type { Context } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import { isLoopback } from '../../platform/config.ts';

/** Endings that no name of the public internet has, so that no stranger's DNS can point them here. */
const PRIVATE_NAME = /^[^.]+$|\.(?:local|localhost|internal|lan|home\.arpa|svc|test)$/i;

/**
 * Against DNS rebinding: a page on evil.example whose name turns into 127.0.0.1 sends `Host: evil.example`, and nothing
 * else tells it apart (browsers send no Sec-Fetch headers to plain http names).
 * @throws AppError FORBIDDEN
 */
export function refuseForeignHost(ctx: Context, { localOnly }: { localOnly: boolean }): void {
  const name = ctx.hostname.replace(/^\[|\]$/g, '');
  if (isLoopback(name) || name === 'localhost') return;
  if (!localOnly && (isIP(name) !== 0 || PRIVATE_NAME.test(name))) return;
  throw new AppError(
    'FORBIDDEN',
    'Without a token this service answers under its local address only (localhost or 127.0.0.1): call it so, or make a token.',
  );
}

/**
 * Against pages of other sites: what a browser says about where a request comes from. Following a link is harmless, since
 * nothing changes by GET and the page that holds the link cannot read the answer.
 * @throws AppError FORBIDDEN
 */
export function refuseForeignPage(ctx: Context): void {
  const { site, origin } = whereFrom(ctx);
  if (site === 'elsewhere' && !isNavigation(ctx)) throw foreignPage();
  if (origin === 'elsewhere') throw foreignPage();
}

/**
 * For requests that a cookie vouches for: the browser has to say that our own page sent them.
 * @throws AppError FORBIDDEN
 */
export function requireOwnPage(ctx: Context): void {
  const { site, origin } = whereFrom(ctx);
  if (site === 'elsewhere' || origin === 'elsewhere' || (site !== 'here' && origin !== 'here')) throw foreignPage();
}

type Place = 'here' | 'elsewhere' | 'unsaid';

/** Browsers send Sec-Fetch-Site to https and to this machine only, Origin with whatever is no plain GET. */
function whereFrom(ctx: Context): { site: Place; origin: Place } {
  const site = placeOfSite(ctx.get('sec-fetch-site'));
  const origin = ctx.get('origin');
  // a page that hides its address sends "null", which says nothing where Sec-Fetch-Site says it all
  if (origin === '' || (origin === 'null' && site === 'here')) return { site, origin: 'unsaid' };
  return { site, origin: isOwnOrigin(ctx, origin) ? 'here' : 'elsewhere' };
}

function placeOfSite(header: string): Place {
  if (header === '' || header === 'none') return 'unsaid';
  return header === 'same-origin' ? 'here' : 'elsewhere';
}

function isNavigation(ctx: Context): boolean {
  return ctx.method === 'GET' && ctx.get('sec-fetch-mode') === 'navigate' && ctx.get('sec-fetch-dest') === 'document';
}

function isOwnOrigin(ctx: Context, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === ctx.host.toLowerCase();
}

function foreignPage(): AppError {
  return new AppError(
    'FORBIDDEN',
    'The request comes from a web page of another site: use the console of this service, or a token.',
  );
}
