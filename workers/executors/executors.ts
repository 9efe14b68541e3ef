import type { Executor } from './executor.ts';
import { DaggerExecutor, type DaggerExecutorOptions } from './dagger.ts';
import { ProcessExecutor, type ProcessExecutorOptions } from './process.ts';

export type ExecutorOptions = ProcessExecutorOptions & DaggerExecutorOptions;

/** Every executor, by the name that AGENT_EXECUTOR takes. A new one is a file beside these and a line here. */
const EXECUTORS = {
  process: (options: ExecutorOptions): Executor => new ProcessExecutor(options),
  dagger: (options: ExecutorOptions): Executor => new DaggerExecutor(options),
} as const;

export type ExecutorName = keyof typeof EXECUTORS;

/** The executor of this name; it runs nothing before `start()`. */
export function createExecutor(name: ExecutorName, options: ExecutorOptions): Executor {
  return EXECUTORS[name](options);
}
