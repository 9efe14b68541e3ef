import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { audit } from '../audit/audit.ts';
import { requireOwnPage } from '../auth/hostile-page.ts';
import { loginPage } from '../console/login-page.ts';
import { defineRoute } from '../route.ts';
import { nextAddress } from './next-address.ts';

const whoAmI = z
  .strictObject({
    name: z.string(),
    scope: z.enum(['viewer', 'operator', 'approver', 'webhook', 'metrics', 'admin']),
    via: z.enum(['token', 'session', 'loopback', 'anonymous']),
  })
  .meta({ id: 'Session' });

export const getSession = defineRoute({
  id: 'getSession',
  method: 'GET',
  path: '/api/session',
  scope: 'viewer',
  tag: 'Session',
  summary: 'Who is calling, and with which scope',
  responses: { 200: { description: 'The caller', schema: whoAmI } },
  handle: ({ principal: { name, scope, via } }) => ({ status: 200, body: { name, scope, via } }),
});

export const login = defineRoute({
  id: 'login',
  method: 'POST',
  path: '/login',
  scope: 'public',
  tag: 'Session',
  summary: 'Exchange a token for a session cookie',
  description:
    'For browsers. The cookie is http-only and same-site, and stands for the token: it ends with it. A form gets a redirect, JSON gets 204.',
  body: z.strictObject({ token: z.string().max(512), next: nextAddress.optional() }).optional(),
  bodyMode: 'form',
  responses: {
    204: { description: 'Logged in' },
    303: { description: 'Logged in, from a form', headers: { Location: 'Where the form wanted to go' } },
    401: { description: 'The token is not valid' },
    403: { description: 'The form is a page of another site' },
    429: { description: 'Too many refused logins from this address' },
  },
  async handle({ body, api, ctx }) {
    if (ctx.get('origin') !== '' || ctx.get('sec-fetch-site') !== '') requireOwnPage(ctx);
    const isForm = ctx.is('application/x-www-form-urlencoded') !== false;
    const credential = api.directory.find(body?.token ?? '');
    if (!credential) {
      if (!isForm) throw new AppError('UNAUTHENTICATED', 'The token is not valid: it is unknown, revoked or expired.');
      const message = 'This token is not valid: it is unknown, revoked or expired.';
      loginPage(ctx, { message, openId: api.openId !== undefined });
      return { status: 401 };
    }
    await api.sessions.open(ctx, credential);
    return isForm ? { status: 303, headers: { Location: body?.next ?? '/' } } : { status: 204 };
  },
});

export const logout = defineRoute({
  id: 'logout',
  method: 'POST',
  path: '/logout',
  scope: 'public',
  tag: 'Session',
  summary: 'End the session of this browser',
  description:
    'A person of the OpenID Connect provider is still logged in there: `logoutUrl` is where the browser ends that, too.',
  responses: {
    200: {
      description: 'Logged out here, and not yet at the provider',
      schema: z.strictObject({ logoutUrl: z.url() }),
    },
    204: { description: 'Logged out' },
    401: { description: 'There is no session' },
    403: { description: 'The request comes from a page of another site' },
    429: { description: 'Too many refusals from this address' },
  },
  async handle({ api, ctx }) {
    const principal = await api.sessions.principal(ctx);
    if (!principal) throw new AppError('UNAUTHENTICATED', 'There is no session to end.');
    if (ctx.get('origin') !== '' || ctx.get('sec-fetch-site') !== '') requireOwnPage(ctx);
    const isPerson = await api.sessions.close(ctx);
    if (!isPerson) return { status: 204 };
    await audit(api.db, { ctx, principal }, { action: 'logout', target: principal.name });
    // whoever the provider does not answer is logged out here all the same
    const logoutUrl = await api.openId?.logoutAddress().catch(() => undefined);
    return logoutUrl === undefined ? { status: 204 } : { status: 200, body: { logoutUrl } };
  },
});
