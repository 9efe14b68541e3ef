import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Json } from '../contracts/json.ts';
import { TERMINAL_STATUSES } from '../contracts/statuses.ts';
import type { Logger } from '../platform/log.ts';
import type { Settled } from '../flows/engine.ts';
import type { SettleRequest } from '../sql/queries/engine.ts';

/**
 * Results of agents on their way to Postgres. When it cannot be reached a result is kept in a file, which survives this
 * process, and written again until it is in or its token has become somebody else's.
 */
export interface Spool {
  settle(request: SettleRequest): Promise<Settled>;
  /** Takes over what earlier processes left. */
  start(): Promise<void>;
  /** Stops trying; the files stay for the next start. */
  stop(): void;
}

const RETRY_MS = 500;

const spooled: z.ZodType<SettleRequest> = z.object({
  runId: z.string(),
  agentRunId: z.string(),
  token: z.string(),
  status: z.enum(TERMINAL_STATUSES),
  output: (z.any() as z.ZodType<Json>).optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  exitCode: z.number().optional(),
}) as never;

export interface SpoolParts {
  readonly directory: string;
  readonly settle: (request: SettleRequest) => Promise<Settled>;
  readonly log: Logger;
}

export function createSpool({ directory, settle, log }: SpoolParts): Spool {
  const stopped = new AbortController();

  async function settleOrKeep(request: SettleRequest): Promise<Settled> {
    try {
      return await settle(request);
    } catch (error) {
      log.warn({ err: error, runId: request.runId }, 'a result could not be written: it is kept and tried again');
      const file = await keep(request);
      return untilWritten(request, file);
    }
  }

  async function keep(request: SettleRequest): Promise<string> {
    await mkdir(directory, { recursive: true });
    const file = join(directory, `${request.agentRunId}.${request.token ?? 'none'}.json`);
    await writeFile(`${file}.part`, JSON.stringify(request), { mode: 0o600 });
    await rename(`${file}.part`, file);
    return file;
  }

  async function untilWritten(request: SettleRequest, file: string): Promise<Settled> {
    for (;;) {
      await delay(RETRY_MS, undefined, { signal: stopped.signal });
      const settled = await settle(request).catch(() => undefined);
      if (settled === undefined) continue;
      await unlink(file).catch(() => undefined);
      log.info({ runId: request.runId, accepted: settled.accepted }, 'a kept result was written');
      return settled;
    }
  }

  async function takeOver(name: string): Promise<void> {
    const file = join(directory, name);
    const parsed = spooled.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (!parsed.success) {
      await rename(file, `${file}.unreadable`);
      log.error({ file: name }, 'a kept result cannot be read: set aside');
      return;
    }
    await untilWritten(parsed.data, file);
  }

  return {
    settle: settleOrKeep,
    async start() {
      const names = await readdir(directory).catch(() => []);
      for (const name of names.filter((entry) => entry.endsWith('.json'))) {
        takeOver(name).catch((error: unknown) => {
          if (!stopped.signal.aborted) log.error({ err: error, file: name }, 'a kept result was not written');
        });
      }
    },
    stop() {
      stopped.abort();
    },
  };
}
