import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../platform/log.ts';
import { resolveServices, type ResolvedServices } from '../../platform/services.ts';
import type { ProgramSources } from '../../platform/services/binaries.ts';
import { markProcess } from '../../platform/services/process-mark.ts';
import { waitFor } from '../support/wait-for.ts';

export const SERVERS = ['postgres', 'redis', 'nats'] as const;
export type ServerName = (typeof SERVERS)[number];
export const NO_ADDRESSES = { databaseUrl: undefined, redisUrl: undefined, natsUrl: undefined, production: false };

/** A data folder of one's own (with a space in its name) in which servers are really started. */
export interface Machine {
  readonly dataDir: string;
  resolve(sources?: ProgramSources): Promise<ResolvedServices>;
  stop(resolved: ResolvedServices): Promise<void>;
  /** The process of a server, by its pid file. */
  pidOf(server: ServerName): Promise<number>;
  /** Kills what still runs and deletes the folder. */
  cleanup(): Promise<void>;
}

export async function createMachine(): Promise<Machine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cctest services '));
  await chmod(dataDir, 0o755);
  const log = createLogger({ level: 'silent' });

  async function pidOf(server: ServerName): Promise<number> {
    const state = JSON.parse(await readFile(join(dataDir, 'services', server, 'state.json'), 'utf8')) as {
      process: { pid: number };
    };
    return state.process.pid;
  }

  return {
    dataDir,
    pidOf,
    resolve: (sources) => resolveServices({ ...NO_ADDRESSES, dataDir }, log, sources),
    async stop({ services }) {
      await Promise.all(services.map((service) => service.stop(5_000)));
    },
    async cleanup() {
      const pids = await Promise.all(SERVERS.map((server) => pidOf(server).catch(() => undefined)));
      for (const pid of await living(pids.filter((known) => known !== undefined))) process.kill(pid, 'SIGKILL');
      await waitFor(() => rm(dataDir, { recursive: true, force: true }).then(() => true), {
        describe: 'the folder to go',
      });
    },
  };
}

/** Those of the processes that still run. */
export async function living(pids: readonly number[]): Promise<number[]> {
  const marks = await Promise.all(pids.map(markProcess));
  return pids.filter((_pid, index) => marks[index] !== undefined);
}
