import type { Context } from 'koa';
import { allowPage } from '../middleware/headers.ts';

/** True when a person's browser opens the address, and a page says more than JSON would. */
export function wantsPage(ctx: Context): boolean {
  return ctx.method === 'GET' && !ctx.path.startsWith('/api/') && ctx.get('accept').includes('text/html');
}

/**
 * The form that turns a token into a session, with a plain submit: no script needed.
 * @param openId whether there is a provider to log in at, too
 */
export function loginPage(
  ctx: Context,
  { message, openId = false }: { message?: string; openId?: boolean } = {},
): void {
  allowPage(ctx, 'page');
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Type', 'text/html; charset=utf-8');
  const next = ctx.path.startsWith('/login') ? '/' : ctx.path;
  const provider = `<p><a href="/login/oidc?next=${encodeURIComponent(next)}">Log in with your account</a></p>`;
  ctx.body = page(
    'Log in',
    `${openId ? provider : ''}<form method="post" action="/login">
      <input type="hidden" name="next" value="${escapeHtml(next)}">
      ${message === undefined ? '' : `<p role="alert" class="alert">${escapeHtml(message)}</p>`}
      <label for="token">Token</label>
      <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
      <button type="submit">Log in</button>
      <p>An administrator makes tokens with <code>npx commandcenter tokens create</code>.</p>
    </form>`,
  );
}

/** A small page of our own, for what has to be said before the console is there. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · commandcenter</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 12vh auto; padding: 0 1rem; }
label, input, button { display: block; font: inherit; }
input { width: 100%; box-sizing: border-box; padding: .5rem; margin: .25rem 0 1rem; }
button { padding: .5rem 1.25rem; }
.alert { border-left: .25rem solid #c2410c; padding-left: .75rem; }
</style>
</head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
