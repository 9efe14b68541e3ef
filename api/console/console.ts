import { extname, join, normalize, sep } from 'node:path';
import type { Context, Middleware } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import { allows } from '../auth/scopes.ts';
import { identify, type GuardParts } from '../middleware/guard.ts';
import { allowPage } from '../middleware/headers.ts';
import { page } from './login-page.ts';
import { findVariant, openVariant } from './variants.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};
/** Vite puts a hash into the names below this folder, so what they hold never changes. */
const HASHED = '/assets/';

/** The built console; its pages have addresses of their own, so an unknown one without an ending is its index. */
export function webConsole(parts: GuardParts): Middleware {
  const folder = parts.api.consoleFolder;
  return async (ctx, next) => {
    if (!isForConsole(ctx)) {
      await next();
      return;
    }
    ctx.state.route = 'console';
    const { scope } = await identify(ctx, parts);
    if (!allows(scope, 'viewer'))
      throw new AppError('FORBIDDEN', `The console needs the scope viewer; yours is ${scope}.`);
    const path = extname(ctx.path) === '' ? '/index.html' : ctx.path;
    if (await sendFile(ctx, folder, path)) return;
    if (ctx.path === '/') notBuilt(ctx);
    else await next();
  };
}

function isForConsole({ method, path }: Context): boolean {
  return (method === 'GET' || method === 'HEAD') && !/^\/(?:api|health|admin)(?:\/|$)/.test(path);
}

async function sendFile(ctx: Context, folder: string, path: string): Promise<boolean> {
  const type = TYPES[extname(path)];
  const file = join(folder, normalize(path));
  if (type === undefined || !file.startsWith(`${folder}${sep}`)) return false;
  const variant = await findVariant(ctx, file);
  if (!variant) return false;
  allowPage(ctx, 'page');
  ctx.set('Content-Type', type);
  ctx.set('Cache-Control', path.startsWith(HASHED) ? 'private, max-age=31536000, immutable' : 'private, no-cache');
  ctx.set(variant.headers);
  ctx.status = 200;
  if (ctx.fresh) ctx.status = 304;
  else ctx.body = ctx.method === 'HEAD' ? '' : openVariant(variant);
  return true;
}

function notBuilt(ctx: Context): void {
  allowPage(ctx, 'page');
  ctx.set('Content-Type', 'text/html; charset=utf-8');
  ctx.body = page(
    'commandcenter',
    `<p>The service runs. Its console is not built in this installation: <code>npm run build</code> makes it.</p>
    <ul>
      <li><a href="/docs">The API, to read and to try</a></li>
      <li><a href="/admin/queues">The queues</a></li>
      <li><a href="/health/ready">The state of each part</a></li>
    </ul>`,
  );
}
