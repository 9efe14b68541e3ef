import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLabelled } from '../../workers/executors/process/sweep.ts';
import { DaggerExecutor } from '../../workers/executors/dagger.ts';
import { ProcessExecutor } from '../../workers/executors/process.ts';
import type { ExecutionRequest, ExecutionResult, Executor } from '../../workers/executors/executor.ts';
import { CACHE_DIR, SILENT, type Recorded } from '../executors/requests.ts';
import { startFakeEngine } from '../executors/dagger/fake-engine.mjs';
import { waitFor } from '../support/wait-for.ts';

/** An executor as the suite uses it. */
export interface Subject {
  readonly executor: Executor;
  /** Runs one attempt in the way that this subject stands for. */
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
  /** Resolves when the attempt's agent runs and has logged its first line. */
  untilStarted(request: Recorded): Promise<void>;
  /** What is left of attempts: process ids and folders. */
  leftovers(): string[];
  close(): Promise<void>;
}

export interface SubjectKind {
  readonly title: string;
  /** Costs milliseconds an attempt; and sees what an agent prints while it prints it. */
  readonly quick: boolean;
  readonly logsLive: boolean;
  readonly limitsMemory: boolean;
  /** How many agents at once the test of mixed outputs runs. */
  readonly concurrency: number;
  create(): Promise<Subject>;
}

const PROCESS = { quick: true, logsLive: true, limitsMemory: true, concurrency: 50 };

export const SUBJECTS: readonly SubjectKind[] = [
  { title: 'process, cold', ...PROCESS, create: () => createProcess({ warm: false }) },
  { title: 'process, warm', ...PROCESS, create: () => createProcess({ warm: true }) },
  {
    title: 'dagger, on a fake engine',
    quick: false,
    logsLive: false, // an engine's session that somebody else opened does not show them (dagger.test.ts has one that does)
    limitsMemory: false,
    concurrency: 8,
    create: createDagger,
  },
];

let workers = 0;

async function createProcess({ warm }: { warm: boolean }): Promise<Subject> {
  workers += 1;
  const workerId = `conformance-${String(process.pid)}-${String(workers)}`;
  const tempDir = mkdtempSync(join(tmpdir(), 'conformance-'));
  const executor = new ProcessExecutor({ workerId, log: SILENT, env: process.env, cacheDir: CACHE_DIR, tempDir, warm });
  await executor.start();
  const ready = async ({ agent, memoryMb }: ExecutionRequest) => {
    await executor.prepare(agent, memoryMb);
    await waitFor(() => executor.ready(agent, memoryMb) > 0, { describe: 'a warm process' });
  };
  return {
    executor,
    execute: async (request) => {
      if (warm) await ready(request);
      return executor.execute(request);
    },
    untilStarted: async ({ lines }) => {
      await waitFor(() => lines.length > 0, { describe: 'the first line of the log' });
    },
    leftovers: () => [...attemptsOf(workerId), ...foldersOf(tempDir, warm)],
    close: async () => {
      await executor.stop(0);
      rmSync(tempDir, { recursive: true });
    },
  };
}

async function createDagger(): Promise<Subject> {
  const engine = await startFakeEngine({ token: 'conformance' });
  const env = { ...process.env, DAGGER_SESSION_PORT: String(engine.port), DAGGER_SESSION_TOKEN: 'conformance' };
  const executor = new DaggerExecutor({ log: SILENT, env, cacheDir: CACHE_DIR });
  await executor.start();
  return {
    executor,
    execute: (request) => executor.execute(request),
    untilStarted: async () => {
      await waitFor(() => engine.running.size > 0, { describe: 'a command in a container' });
    },
    leftovers: () => [...engine.running].map(String),
    close: async () => {
      await executor.stop(0);
      await engine.stop();
    },
  };
}

/** Processes that belong to an attempt; those that wait for one have no run in their label. */
function attemptsOf(workerId: string): string[] {
  return findLabelled()
    .filter(({ label }) => label.workerId === workerId && label.run !== undefined)
    .map(({ pid, label }) => `${String(pid)} ${label.run ?? ''}`);
}

/** Waiting processes own a folder each, two at most of a kind. */
function foldersOf(tempDir: string, warm: boolean): string[] {
  const folders = readdirSync(tempDir).flatMap((worker) => readdirSync(join(tempDir, worker)));
  return warm ? [] : folders;
}
