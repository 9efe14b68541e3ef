import type { Context } from 'koa';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Api } from '../api.ts';
import { audit } from '../audit/audit.ts';
import { CALLBACK_PATH, type LoginAttempt, type OpenId } from '../auth/openid.ts';
import { personOf } from '../auth/person.ts';
import { escapeHtml, loginPage, page } from '../console/login-page.ts';
import { allowPage } from '../middleware/headers.ts';
import { defineRoute, type Answer } from '../route.ts';
import { nextAddress } from './next-address.ts';

const tag = 'Session';
const ATTEMPT_SECONDS = 600;

/** `__Host-` keeps other hosts of the domain from setting it; browsers take that prefix by https only. */
const cookieName = ({ secure }: Context) => `${secure ? '__Host-' : ''}commandcenter_login`;
/** Lax: the way back from the provider is a navigation from another site. */
const cookieOptions = ({ secure }: Context) =>
  ({ httpOnly: true, sameSite: 'lax', secure, path: '/', overwrite: true }) as const;

export const beginLogin = defineRoute({
  id: 'beginLogin',
  method: 'GET',
  path: '/login/oidc',
  scope: 'public',
  tag,
  summary: 'Log in at the OpenID Connect provider',
  description:
    'For browsers, where OIDC_ISSUER is set: authorization code with PKCE. Comes back to a session of this service.',
  query: z.strictObject({ next: nextAddress.optional() }),
  responses: {
    303: { description: 'On to the provider', headers: { Location: 'The provider' } },
    404: { description: 'No provider is configured' },
    503: { description: 'The provider does not answer' },
  },
  async handle({ query: { next = '/' }, api, ctx }) {
    const openId = requireOpenId(api);
    const { publicUrl } = api.config;
    // the cookie and the way back must be of one host
    if (ctx.host !== new URL(publicUrl).host)
      return redirect(`${publicUrl}/login/oidc?${new URLSearchParams({ next }).toString()}`);
    const { address, attempt } = await openId.begin();
    const kept = Buffer.from(JSON.stringify({ ...attempt, next })).toString('base64url');
    ctx.cookies.set(cookieName(ctx), kept, { ...cookieOptions(ctx), maxAge: ATTEMPT_SECONDS * 1000 });
    return redirect(address);
  },
});

export const finishLogin = defineRoute({
  id: 'finishLogin',
  method: 'GET',
  path: CALLBACK_PATH,
  scope: 'public',
  tag,
  summary: 'The way back from the OpenID Connect provider',
  query: z.looseObject({}),
  responses: {
    200: { description: 'Logged in: a page that leads on', contentType: 'text/html' },
    401: { description: 'The login did not succeed' },
    403: { description: 'The provider knows the person, who has no scope here' },
    404: { description: 'No provider is configured' },
    503: { description: 'The provider does not answer' },
  },
  async handle({ api, ctx }) {
    const openId = requireOpenId(api);
    const kept = readAttempt(ctx.cookies.get(cookieName(ctx)));
    ctx.cookies.set(cookieName(ctx), null, cookieOptions(ctx));
    if (!kept)
      throw new AppError(
        'UNAUTHENTICATED',
        'The login was not begun in this browser, or too long ago: begin it again.',
      );
    const claims = await openId.finish(ctx.querystring, kept);
    const person = api.config.oidc && personOf(claims, api.config.oidc);
    if (!person) {
      loginPage(ctx, { message: 'You are known, and have no role here: ask an administrator.', openId: true });
      return { status: 403 };
    }
    await api.sessions.openFor(ctx, person);
    await audit(
      api.db,
      { ctx, principal: { ...person, via: 'session' } },
      { action: 'login', target: person.name, after: { scope: person.scope } },
    );
    return leadOn(ctx, kept.next);
  },
});

function requireOpenId({ openId }: Api): OpenId {
  if (openId) return openId;
  throw new AppError('NOT_FOUND', 'No login provider is configured: set OIDC_ISSUER, or log in with a token.');
}

function redirect(location: string): Answer {
  return { status: 303, headers: { Location: location, 'Cache-Control': 'no-store' } };
}

/** A page and no redirect: a strict cookie is not sent on a navigation that another site has begun. */
function leadOn(ctx: Context, next: string): Answer {
  allowPage(ctx, 'page');
  const target = escapeHtml(next);
  const body = page('Logged in', `<p><a href="${target}">Go on</a></p>`).replace(
    '</head>',
    `<meta http-equiv="refresh" content="0;url=${target}"></head>`,
  );
  return { status: 200, body, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' } };
}

const keptSchema = z.object({
  state: z.string().min(16),
  nonce: z.string().min(16),
  verifier: z.string().min(43),
  next: nextAddress,
});

function readAttempt(cookie: string | undefined): (LoginAttempt & { next: string }) | undefined {
  if (cookie === undefined || cookie.length > 4_096) return undefined;
  try {
    return keptSchema.parse(JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}
