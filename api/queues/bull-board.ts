import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { KoaAdapter } from '@bull-board/koa';
import type { Context, Middleware } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import { audit } from '../audit/audit.ts';
import { allows } from '../auth/scopes.ts';
import { identify, type GuardParts } from '../middleware/guard.ts';
import { allowPage } from '../middleware/headers.ts';
import { refuseEncoding } from '../middleware/read-body.ts';
import type { Api } from '../api.ts';

export const BULL_BOARD_PATH = '/admin/queues';
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Bull Board under /admin/queues: to look at for viewers, with its buttons for admins. What a button does to a job cannot
 * hurt a run, since Postgres has the truth; still it is no toy.
 */
export function bullBoard(parts: GuardParts): Middleware {
  const readOnly = createBoards(parts.api, true);
  const full = createBoards(parts.api, false);
  return async (ctx, next) => {
    if (!isBoard(ctx.path)) {
      await next();
      return;
    }
    ctx.state.route = BULL_BOARD_PATH;
    const principal = await identify(ctx, parts);
    const { scope } = principal;
    const isAdmin = allows(scope, 'admin');
    if (!allows(scope, 'viewer')) throw new AppError('FORBIDDEN', `This needs the scope viewer; yours is ${scope}.`);
    if (!isAdmin && !SAFE_METHODS.has(ctx.method))
      throw new AppError('FORBIDDEN', `Changing jobs needs the scope admin; yours is ${scope}.`);
    allowPage(ctx, 'queues');
    ctx.set('Cache-Control', 'no-store');
    refuseEncoding(ctx.req);
    const board = await (isAdmin ? full : readOnly)();
    if (!(await answered(board, ctx))) {
      await next();
      return;
    }
    if (!SAFE_METHODS.has(ctx.method) && ctx.status < 400)
      await audit(parts.api.db, { ctx, principal }, { action: 'changeJobs', target: buttonOf(ctx) });
  };
}

/** Which queue, which job, which button; as much of it as a line shows. */
function buttonOf({ method, path }: Context): string {
  return `${method} ${path.slice(BULL_BOARD_PATH.length, BULL_BOARD_PATH.length + 200)}`;
}

/** Whether the board had an answer. Its own error handler must not get hold of what comes after it. */
async function answered(board: Middleware, ctx: Context): Promise<boolean> {
  let fellThrough = false;
  try {
    await board(ctx, () => {
      fellThrough = true;
      return Promise.resolve();
    });
  } catch (error) {
    throw isUnreadableBody(error)
      ? new AppError('INVALID_INPUT', 'The body is not valid JSON.', { cause: error })
      : error;
  }
  return !fellThrough;
}

/** The board's body parser marks what the caller did wrong with a status. */
function isUnreadableBody(error: unknown): boolean {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500;
}

function isBoard(path: string): boolean {
  return path === BULL_BOARD_PATH || path.startsWith(`${BULL_BOARD_PATH}/`);
}

/** Pools come and go with the workers, so the boards know their queues anew after a while. */
function createBoards(api: Api, readOnlyMode: boolean): () => Promise<Middleware> {
  const server = new KoaAdapter().setBasePath(BULL_BOARD_PATH);
  const board = createBullBoard({
    queues: [],
    serverAdapter: server,
    options: {
      uiConfig: { boardTitle: 'commandcenter', boardLogo: { path: '' }, hideRedisDetails: true, showWorkers: false },
    },
  });
  const middleware = server.registerPlugin();
  let known = '';
  return async () => {
    const names = await api.queueNames();
    if (names.join() !== known) {
      board.replaceQueues(names.map((name) => adapt(api, name, readOnlyMode)));
      known = names.join();
    }
    return middleware;
  };
}

function adapt({ queues }: Api, name: string, readOnlyMode: boolean): BullMQAdapter {
  return new BullMQAdapter(queues.queue(name), {
    readOnlyMode,
    allowRetries: false,
    externalJobUrl: ({ data }) => ({ displayText: 'Run', href: runAddress(data) }),
  });
}

/** The console's page of the run that a job belongs to. */
function runAddress(data: unknown): string {
  const { runId } = (typeof data === 'object' && data !== null ? data : {}) as { runId?: unknown };
  return typeof runId === 'string' ? `/runs/${encodeURIComponent(runId)}` : '/';
}
