import type { Context, Middleware } from 'koa';

/** For everything: nothing is sniffed, framed, leaked by referrer or shared across origins. */
const ALWAYS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // not no-referrer: a form's Origin would then be "null", and our own login look like somebody else's
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};
const HSTS = 'max-age=31536000; includeSubDomains';

const SELF_ONLY = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/** What each kind of page may load. None may run a script that stands in the page itself. */
export const CONTENT_SECURITY = {
  data: "default-src 'none'; frame-ancestors 'none'",
  page: `${SELF_ONLY}; img-src 'self' data:; style-src 'self' 'unsafe-inline'`,
  /** Scalar builds styles at run time and its fonts are data addresses. */
  documentation: `${SELF_ONLY}; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:`,
  /** Bull Board's own page has a style in it, and names a font of others that it then does without. */
  queues: `${SELF_ONLY}; img-src 'self' data:; style-src 'self' 'unsafe-inline'`,
} as const;

export function securityHeaders(): Middleware {
  const headers = { ...ALWAYS, 'Content-Security-Policy': CONTENT_SECURITY.data };
  return (ctx, next) => {
    ctx.set(headers);
    // by https to us, or to a proxy that TRUST_PROXY counts; browsers ignore it over http
    if (ctx.secure) ctx.set('Strict-Transport-Security', HSTS);
    return next();
  };
}

export function allowPage(ctx: Context, kind: keyof typeof CONTENT_SECURITY): void {
  ctx.set('Content-Security-Policy', CONTENT_SECURITY[kind]);
}
