import type { Hints } from '../platform/hints.ts';
import type { Service } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { isDrainRequested, markDrained } from '../sql/queries/drain.ts';
import type { NodeWorker } from './worker.ts';

export interface DrainParts {
  readonly db: Database;
  readonly hints: Hints;
  readonly workerId: string;
  readonly worker: Pick<NodeWorker, 'pause' | 'resume'>;
  readonly log: Logger;
}

/** A hint makes it sooner. */
const LOOK_EVERY_MS = 5000;

/**
 * Does what an operator asks of this worker, until its end: take no more and end what it has, or work again. What is
 * asked stands in Postgres, and so does the answer, once nothing is left.
 */
export function createDrain({ db, hints, workerId, worker, log }: DrainParts): Service {
  let isDraining = false;
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;
  let looking = Promise.resolve();

  async function look(): Promise<void> {
    const isAsked = await isDrainRequested(db, workerId);
    if (isAsked === isDraining) return;
    isDraining = isAsked;
    if (isAsked) {
      log.info('draining: no more work is taken');
      void drain().catch(report);
    } else {
      log.info('working again');
      worker.resume();
    }
  }

  async function drain(): Promise<void> {
    await worker.pause();
    if (!isDraining) return;
    await markDrained(db, workerId);
    log.info('drained: nothing is left');
  }

  function report(error: unknown): void {
    log.debug({ err: error }, 'what is asked of this worker could not be read or answered; it looks again');
  }

  function lookSoon(): void {
    looking = looking.then(look).catch(report);
  }

  return {
    name: 'drain',
    start() {
      unsubscribe = hints.subscribe('drain', (hint) => {
        if (hint.workerId === workerId) lookSoon();
      });
      timer = setInterval(lookSoon, LOOK_EVERY_MS);
      return Promise.resolve();
    },
    async stop() {
      clearInterval(timer);
      unsubscribe?.();
      await looking;
    },
  };
}
