import type { Context } from 'koa';

/** Made once: every answer's end aborts its signal, and an error made for each is a waste. */
const GONE = new DOMException('The caller is gone, or the service stops', 'AbortError');

/** Aborted when the caller closes the connection, or the service stops. */
export function goneSignal(ctx: Context, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = (): void => {
    stopping.removeEventListener('abort', abort);
    gone.abort(GONE);
  };
  ctx.res.once('close', abort);
  stopping.addEventListener('abort', abort, { once: true });
  if (stopping.aborted) abort();
  return gone.signal;
}
