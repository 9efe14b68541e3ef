import { AppError } from '../../contracts/errors.ts';
import type { Dispatcher } from '../../flows/dispatch.ts';
import type { Engine } from '../../flows/engine.ts';
import type { Plan } from '../../flows/plan.ts';
import type { Plans } from '../../flows/plans.ts';
import type { Submitter } from '../../flows/submit.ts';
import type { Aftermath } from '../../flows/aftermath.ts';
import type { QueueBackend } from '../../platform/queues.ts';
import type { Hints } from '../../platform/hints.ts';
import type { Logger } from '../../platform/log.ts';
import type { Database } from '../../sql/pool.ts';

export interface RepairParts {
  readonly db: Database;
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
  readonly queues: QueueBackend;
  readonly engine: Engine;
  readonly aftermath: Aftermath;
  readonly submitter: Submitter;
  readonly hints: Hints;
  readonly log: Logger;
}

/** One row of the reconciler's table: what it looks for and what it does about it. */
export interface Repair {
  /** The label of `reconciler_repairs_total`. */
  readonly kind: string;
  /** It takes nodes from workers, so it waits until leases can be trusted after an outage. */
  readonly needsLeases?: boolean;
  /** @param repaired counts one repair, of this kind or a more exact one, for the subject's id */
  run(parts: RepairParts, repaired: (subject: string, kind?: string) => Promise<void>): Promise<void>;
}

/** Each repair is a dozen round trips: after Redis has lost everything, runs by the hundred would wait for one another. */
const SIDE_BY_SIDE = 5;

/** Repairs a few at a time; one that fails is logged and stops none of the others. */
export async function eachAlone<T>(
  subjects: readonly T[],
  { log }: Pick<RepairParts, 'log'>,
  idOf: (subject: T) => string,
  repair: (subject: T) => Promise<void>,
): Promise<void> {
  const waiting = subjects.values();
  const work = async () => {
    for (const subject of waiting) {
      try {
        await repair(subject);
      } catch (error) {
        log.warn({ err: error, subject: idOf(subject) }, 'one subject could not be repaired');
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
}

/** Null when the stored definition cannot be read, which will not change: a version never does. */
export async function readablePlan(versionId: number, { plans }: Pick<RepairParts, 'plans'>): Promise<Plan | null> {
  try {
    return await plans.get(versionId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'INVALID_DEFINITION') return null;
    throw error;
  }
}
