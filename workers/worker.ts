import { DelayedError, UnrecoverableError, type Job, type Processor, type Worker } from 'bullmq';
import { AppError } from '../contracts/errors.ts';
import { agentsQueue, FINALIZE_QUEUE, STEPS_QUEUE, type FinalizeJob, type NodeJob } from '../contracts/jobs.ts';
import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { QueueBackend } from '../platform/queues.ts';
import type { LeaseKeeper } from './lease.ts';
import { DONE, park, type JobOutcome } from './outcome.ts';

export interface WorkerPool {
  readonly name: string;
  /** Agents at once. */
  readonly concurrency: number;
}

export interface WorkerParts {
  readonly queues: QueueBackend;
  readonly hints: Hints;
  readonly leases: Pick<LeaseKeeper, 'stopRun' | 'stopAll'>;
  readonly pools: readonly WorkerPool[];
  readonly executeNode: (job: NodeJob) => Promise<JobOutcome>;
  readonly finalizeRun: (job: FinalizeJob) => Promise<JobOutcome>;
  readonly log: Logger;
}

/** Takes jobs from the queues of its pools and runs their nodes. */
export interface NodeWorker {
  readonly name: string;
  start(): Promise<void>;
  /** Takes nothing new from now on; resolves when everything that it had has ended, however long that takes. */
  pause(): Promise<void>;
  resume(): void;
  /** Takes nothing new; what runs may finish until shortly before the deadline, and is then given back. */
  stop(deadlineMs: number): Promise<void>;
}

/** Steps are short and wait mostly for Postgres, whose statements they share: many at once make large batches. */
const STEPS_AT_ONCE = 100;
const LOCK_MS = 30_000;
const STALLED_EVERY_MS = 5_000;
/** What giving back costs at the end of a stop: agents get SIGTERM, 3 s, SIGKILL. */
const GIVE_BACK_MS = 5_000;
/** After a failure that is ours (the database is away): the job looks again. */
const AFTER_ERROR_MS = 1000;
/** A job for another worker: at once. */
const HANDED_ON = park(1);

export function createWorker({ queues, hints, leases, pools, executeNode, finalizeRun, log }: WorkerParts): NodeWorker {
  let workers: Worker[] = [];
  let unsubscribe: (() => void) | undefined;
  let isPaused = false;

  function work(queue: string, concurrency: number, execute: (job: Job) => Promise<JobOutcome>): Worker {
    const processor: Processor = async (job, token) => {
      // it was on its way here while this worker stopped to ask for jobs
      await settleJob(job, token, isPaused ? HANDED_ON : await outcomeOf(job, execute));
    };
    return queues.worker(queue, processor, {
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      // A job that stalled out would fail without its processor ever being called; Postgres counts lost workers.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
  }

  // What a job carries was written by flows/dispatch.ts of the same version or one before: ids only.
  const runNode = (job: Job) => executeNode(job.data as NodeJob);

  async function outcomeOf(job: Job, execute: (job: Job) => Promise<JobOutcome>): Promise<JobOutcome> {
    try {
      return await execute(job);
    } catch (error) {
      if (error instanceof AppError && error.code === 'INVALID_DEFINITION') {
        log.error(
          { err: error, job: job.id },
          'the stored definition of a run cannot be read; the reconciler ends the run',
        );
        return DONE;
      }
      const isPassing = error instanceof AppError && error.code === 'DATABASE_UNAVAILABLE';
      log[isPassing ? 'warn' : 'error']({ err: error, job: job.id }, 'a job could not be looked at; it looks again');
      return park(AFTER_ERROR_MS);
    }
  }

  return {
    name: 'worker',
    start() {
      workers = [
        work(STEPS_QUEUE, STEPS_AT_ONCE, runNode),
        work(FINALIZE_QUEUE, STEPS_AT_ONCE, (job) => finalizeRun(job.data as FinalizeJob)),
        ...pools.map(({ name, concurrency }) => work(agentsQueue(name), concurrency, runNode)),
      ];
      unsubscribe = hints.subscribe('stop', ({ runId }) => {
        if (typeof runId === 'string') leases.stopRun(runId);
      });
      return Promise.resolve();
    },
    async pause() {
      isPaused = true;
      await Promise.all(workers.map((worker) => worker.pause()));
    },
    resume() {
      isPaused = false;
      for (const worker of workers) void worker.resume();
    },
    async stop(deadlineMs) {
      unsubscribe?.();
      const giveBack = setTimeout(
        () => {
          leases.stopAll('shutdown');
        },
        Math.max(0, deadlineMs - GIVE_BACK_MS),
      );
      await Promise.allSettled(workers.map((worker) => worker.close()));
      clearTimeout(giveBack);
    },
  };
}

/** Tells BullMQ what became of the job; nothing is ever retried or failed by BullMQ itself. */
async function settleJob(job: Job, token: string | undefined, outcome: JobOutcome): Promise<void> {
  if (outcome.kind === 'failed') throw new UnrecoverableError(outcome.message.slice(0, 500));
  if (outcome.kind === 'park') {
    await job.moveToDelayed(Date.now() + Math.max(1, Math.round(outcome.ms)), token);
    throw new DelayedError();
  }
}
