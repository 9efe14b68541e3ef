import type { Middleware } from 'koa';
import { AppError } from '../../contracts/errors.ts';

/** Of two Host headers a proxy may read one and we the other: RFC 9112 asks to refuse both, and a request without any. */
export function oneHost(): Middleware {
  return (ctx, next) => {
    const { rawHeaders, httpVersion } = ctx.req;
    const hosts = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
    if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
      throw new AppError('INVALID_INPUT', 'A request has exactly one Host header.');
    return next();
  };
}
