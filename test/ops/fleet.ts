import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../platform/services/free-port.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { startPrivateRedis, type PrivateRedis } from '../support/private-redis.ts';
import { waitFor } from '../support/wait-for.ts';
import { call as callAt } from './call.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AGENTS = fileURLToPath(new URL('fixtures/agents', import.meta.url));
const START_TIMEOUT_MS = 120_000;

/** A worker in a process of its own. */
export interface FleetWorker {
  readonly process: ChildProcess;
  /** As the API says it. */
  readonly id: string;
  /** Waits until its log has the text. */
  says(text: string): Promise<void>;
  /** Sends SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
}

export interface WorkerOptions {
  /** Whose code it runs; default: this one's. */
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** An API and workers as they are deployed: a process each, on a Postgres database and a Redis of their own. */
export interface Fleet {
  readonly url: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly folder: string;
  startApi(root?: string): Promise<void>;
  startWorker(options?: WorkerOptions): Promise<FleetWorker>;
  /** The answer as JSON. @throws AssertionError when the status is no success */
  call<T>(method: string, path: string, body?: object): Promise<T>;
  /** Starts a run of a workflow; gives its id. */
  trigger(workflow: string, input?: object): Promise<string>;
  /** Waits until the run has ended. */
  ended(workflow: string, runId: string): Promise<FleetRun>;
  /** What agents of the kind `door` wait for: a name for their input, and what lets them go. */
  door(name: string): { readonly file: string; open(): Promise<void> };
  stop(): Promise<void>;
}

export interface FleetRun {
  readonly status: string;
  readonly output: unknown;
  readonly error: { readonly message: string } | null;
  readonly agentRuns: readonly {
    readonly nodeId: string;
    readonly status: string;
    readonly attempt: number;
    readonly workerId: string | null;
  }[];
}

/** Skips the suite where redis-server is not installed. The API is started by `startApi`, and migrates. */
export async function createFleet(context: Mocha.Context): Promise<Fleet> {
  const redis: PrivateRedis = await startPrivateRedis(context);
  const database = await createEmptyDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'cc-fleet-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  /** With the files that they write their logs to. */
  const children = new Map<ChildProcess, string>();

  function run(role: 'api' | 'worker', root: string, more: NodeJS.ProcessEnv): ChildProcess {
    const name = `${role}-${String(children.size)}`;
    const logFile = join(folder, `${name}.log`);
    const log = openSync(logFile, 'w');
    const child = spawn(process.execPath, ['--import=tsx', 'main.ts', `--roles=${role}`], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, PORT: String(port), AGENTS_DIR: AGENTS },
        ...{ DATA_DIR: join(folder, name), WORKSPACE_ROOTS: folder },
        ...more,
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    children.set(child, logFile);
    return child;
  }

  const call = <T>(method: string, path: string, body?: object): Promise<T> => callAt(url, method, path, body);

  /** What a process says when it ends by itself is the reason why nothing comes. */
  async function untilUp<T>(child: ChildProcess, look: () => Promise<T | undefined>, what: string): Promise<T> {
    try {
      const found = await waitFor(async () => (hasEnded(child) ? 'ended' : look()), {
        timeoutMs: START_TIMEOUT_MS,
        describe: what,
      });
      if (found === 'ended') throw new Error(`${what} ended with exit code ${String(child.exitCode)}`);
      return found as T;
    } catch (error) {
      const log = await readFile(children.get(child) ?? '', 'utf8');
      throw new Error(`${what}: ${log.slice(-3000)}`, { cause: error });
    }
  }

  return {
    url,
    port,
    databaseUrl: database.url,
    folder,
    call,
    async startApi(root = ROOT) {
      const child = run('api', root, {});
      await untilUp(child, async () => ((await fetch(`${url}/health`)).ok ? true : undefined), 'the API');
    },
    async startWorker({ root = ROOT, env = {} } = {}) {
      const child = run('worker', root, env);
      const findId = async () => {
        const workers = await call<{ id: string; pid: number; alive: boolean }[]>('GET', '/api/workers');
        return workers.find(({ pid, alive }) => pid === child.pid && alive)?.id;
      };
      return {
        process: child,
        id: await untilUp(child, findId, 'a worker'),
        async says(text) {
          const log = () => readFile(children.get(child) ?? '', 'utf8');
          await waitFor(async () => (await log()).includes(text), { describe: `"${text}" in the worker's log` });
        },
        async stop() {
          if (!hasEnded(child)) {
            const ended = once(child, 'exit');
            child.kill('SIGTERM');
            await ended;
          }
          return child.exitCode;
        },
      };
    },
    trigger: async (workflow, input = {}) =>
      (await call<{ workflowRunId: string }>('POST', `/api/workflows/${workflow}/trigger`, { input })).workflowRunId,
    async ended(workflow, runId) {
      const path = `/api/workflows/${workflow}/runs/${runId}`;
      return waitFor(
        async () => {
          const run = await call<FleetRun & { finishedAt: string | null }>('GET', `${path}?wait=10`);
          return run.finishedAt === null ? undefined : run;
        },
        { timeoutMs: 60_000, describe: `the end of run ${runId}` },
      );
    },
    door(name) {
      const file = join(folder, name);
      return { file, open: () => writeFile(file, '') };
    },
    async stop() {
      for (const child of [...children.keys()].reverse()) {
        if (hasEnded(child)) continue;
        const ended = once(child, 'exit');
        child.kill('SIGCONT');
        child.kill('SIGTERM');
        await ended;
      }
      await redis.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
