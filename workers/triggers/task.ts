import type { LinkSettings } from '../../flows/approval-link.ts';
import type { RunControl } from '../../flows/control.ts';
import type { Engine } from '../../flows/engine.ts';
import type { Submitter } from '../../flows/submit.ts';
import type { Logger } from '../../platform/log.ts';
import type { Database } from '../../sql/pool.ts';
import type { AlertManager } from './alertmanager.ts';

export interface TaskParts {
  readonly db: Database;
  readonly engine: Engine;
  readonly submitter: Submitter;
  readonly control: RunControl;
  readonly log: Logger;
  /** Absent where ALERTMANAGER_URL is not set. */
  readonly alertManager?: AlertManager;
  readonly retentionDays: number;
  readonly links: LinkSettings;
}

/** One row of what triggers do by the clock; one process at a time. */
export interface Task {
  readonly name: string;
  /** Default: each round. */
  readonly everyMs?: number;
  /** It goes by the clock alone, so that it has its turn also when nothing is under way. */
  readonly evenAtRest?: boolean;
  run(parts: TaskParts): Promise<void>;
}

/** Subjects one after the other; one that fails is logged, stops none of the others, and comes again in the next round. */
export async function eachAlone<T>(
  subjects: readonly T[],
  { log }: Pick<TaskParts, 'log'>,
  nameOf: (subject: T) => string,
  work: (subject: T) => Promise<void>,
): Promise<void> {
  for (const subject of subjects) {
    try {
      await work(subject);
    } catch (error) {
      log.warn({ err: error, subject: nameOf(subject) }, 'one of the triggers could not be served; it comes again');
    }
  }
}
