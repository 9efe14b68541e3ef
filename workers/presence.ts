import { hostname } from 'node:os';
import type { Service } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { markStopped, markWorker } from '../sql/queries/workers.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { WorkerPool } from './worker.ts';

export interface PresenceParts {
  readonly db: Database;
  readonly workerId: string;
  readonly pools: readonly WorkerPool[];
  readonly clock: DatabaseClock;
  readonly log: Logger;
}

const EVERY_MS = 5000;

/**
 * Shows that this worker is alive and which pools it serves, and hears the database's time with each answer. Only people
 * read it: who owns a node is decided by leases.
 */
export function createPresence({ db, workerId, pools, clock, log }: PresenceParts): Service {
  let timer: NodeJS.Timeout | undefined;

  async function mark(): Promise<void> {
    try {
      const now = await markWorker(db, {
        id: workerId,
        host: hostname(),
        pid: process.pid,
        roles: ['worker'],
        pools: pools.map(({ name }) => name),
        concurrency: pools.reduce((sum, { concurrency }) => sum + concurrency, 0),
      });
      clock.set(now);
    } catch (error) {
      log.debug({ err: error }, 'the worker could not be marked as alive');
    }
  }

  return {
    name: 'presence',
    async start() {
      await mark();
      timer = setInterval(() => void mark(), EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await markStopped(db, workerId).catch(() => undefined);
    },
  };
}
