import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLabelled } from '../../workers/executors/process/sweep.ts';
import { ProcessExecutor } from '../../workers/executors/process.ts';
import type { ExecutionRequest, ExecutionResult, Executor } from '../../workers/executors/executor.ts';
import { CACHE_DIR, SILENT } from '../executors/requests.ts';
import { waitFor } from '../support/wait-for.ts';

/** An executor as the suite uses it. */
export interface Subject {
  readonly executor: Executor;
  /** Runs one attempt in the way that this subject stands for. */
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
  /** What is left of attempts: process ids and folders. */
  leftovers(): string[];
  close(): Promise<void>;
}

export interface SubjectKind {
  readonly title: string;
  /** What this way of running agents can enforce here. */
  readonly limitsMemory: boolean;
  readonly seesDaemons: boolean;
  create(): Promise<Subject>;
}

export const SUBJECTS: readonly SubjectKind[] = [
  { title: 'process, cold', limitsMemory: true, seesDaemons: true, create: () => createProcess({ warm: false }) },
  { title: 'process, warm', limitsMemory: true, seesDaemons: true, create: () => createProcess({ warm: true }) },
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
    leftovers: () => [...attemptsOf(workerId), ...foldersOf(tempDir, warm)],
    close: async () => {
      await executor.stop(0);
      rmSync(tempDir, { recursive: true });
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
