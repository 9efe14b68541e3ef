import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { QueueBackend } from '../platform/queues.ts';
import { NO_TRACING, type Tracing } from '../platform/telemetry.ts';
import type { Database } from '../sql/pool.ts';
import type { EndedRun } from '../sql/queries/engine.ts';
import { createAftermath, type Aftermath } from './aftermath.ts';
import { createControl, type RunControl } from './control.ts';
import { createDispatcher, type Dispatcher } from './dispatch.ts';
import { createEngine, type Engine } from './engine.ts';
import { createPlans, type Plans } from './plans.ts';
import { createSubmitter, type Submitter } from './submit.ts';

/** The room with its effects wired: what API and workers share. */
export interface Flows {
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
  readonly aftermath: Aftermath;
  readonly engine: Engine;
  readonly submitter: Submitter;
  readonly control: RunControl;
}

export interface FlowsParts {
  readonly db: Database;
  readonly queues: QueueBackend;
  readonly hints: Hints;
  readonly log: Logger;
  readonly tracing?: Tracing;
  /** Told of every run that this process ended. */
  readonly onEnded?: (run: EndedRun) => void;
}

export function createFlows({ db, queues, hints, log, tracing = NO_TRACING, onEnded }: FlowsParts): Flows {
  const plans = createPlans(db);
  const dispatcher = createDispatcher(queues, log, { combine: tracing === NO_TRACING });
  const aftermath = createAftermath({ db, plans, dispatcher, hints, log, ...(onEnded && { onEnded }) });
  const engine = createEngine(db, aftermath);
  return {
    plans,
    dispatcher,
    aftermath,
    engine,
    submitter: createSubmitter({ db, plans, dispatcher, aftermath, engine, log, tracing }),
    control: createControl({ db, engine, plans, dispatcher, hints }),
  };
}
