import type { Context } from 'koa';

/** Aborted when the caller closes the connection, or the service stops. */
export function goneSignal(ctx: Context, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = (): void => {
    stopping.removeEventListener('abort', abort);
    gone.abort();
  };
  ctx.res.once('close', abort);
  stopping.addEventListener('abort', abort, { once: true });
  if (stopping.aborted) abort();
  return gone.signal;
}
