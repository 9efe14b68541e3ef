import type { Service } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import type { AgentDescription } from './agents/description.ts';
import { pruneCompiledAgents } from './agents/prune.ts';
import type { Executor } from './executors/executor.ts';

export interface AgentsKeeperParts {
  /** Of this worker's own AGENTS_DIR. */
  readonly agents: readonly AgentDescription[];
  readonly executor: Pick<Executor, 'warmUp'>;
  readonly memoryMb: number;
  readonly dataDir: string;
  readonly log: Logger;
}

const PRUNE_EVERY_MS = 6 * 60 * 60_000;

/** Keeps the agents of this worker ready: started ahead of their first run, and their compiled files in order. */
export function createAgentsKeeper({ agents, executor, memoryMb, dataDir, log }: AgentsKeeperParts): Service {
  let timer: NodeJS.Timeout | undefined;

  async function prune(): Promise<void> {
    try {
      const removed = await pruneCompiledAgents(agents, dataDir);
      if (removed.length > 0) log.info({ removed }, 'Compiled agents that nobody has used for a week are removed');
    } catch (cause) {
      log.warn({ cause }, 'The folder of compiled agents cannot be tidied');
    }
  }

  return {
    name: 'agents',
    start() {
      void prune();
      void executor.warmUp?.(agents, memoryMb);
      timer = setInterval(() => void prune(), PRUNE_EVERY_MS).unref();
      return Promise.resolve();
    },
    stop() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
