import { join } from 'node:path';
import type { LinkSettings } from '../flows/approval-link.ts';
import type { Flows } from '../flows/flows.ts';
import type { Hints } from '../platform/hints.ts';
import type { Service } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Nats } from '../platform/nats.ts';
import type { QueueBackend } from '../platform/queues.ts';
import type { Tracing } from '../platform/telemetry.ts';
import type { Database } from '../sql/pool.ts';
import type { StatusRetention } from '../sql/queries/retention.ts';
import type { AgentsHere } from './agents-here.ts';
import { createDatabaseClock } from './database-clock.ts';
import { createNodeExecution } from './execute-node.ts';
import type { Executor } from './executors/executor.ts';
import { createDrain } from './drain.ts';
import { createFinalizeRun } from './finalize-run.ts';
import { createLeads } from './leads.ts';
import { createLeaseKeeper } from './lease.ts';
import { createPresence } from './presence.ts';
import { createEventPublisher } from './publish-events.ts';
import { createReconciler } from './reconcile.ts';
import type { AgentLimits } from './run-agent.ts';
import type { SecretSource } from './secrets.ts';
import { createRest } from './rest.ts';
import { createRetention } from './retain.ts';
import { createSpool } from './spool.ts';
import { createTriggers } from './triggers/triggers.ts';
import { createOrphanSweep } from './sweep-orphans.ts';
import { createWorker, type WorkerPool } from './worker.ts';

export interface WorkersParts {
  readonly workerId: string;
  readonly db: Database;
  /** A pool of its own, so that a busy one costs no leases. */
  readonly heartbeatDb: Database;
  readonly flows: Flows;
  readonly queues: QueueBackend;
  readonly hints: Hints;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly tracing?: Tracing;
  readonly executor: Executor;
  readonly agents: AgentsHere;
  readonly secrets: SecretSource;
  readonly limits: AgentLimits;
  /** How links for approvals are made. */
  readonly links: LinkSettings;
  readonly pools: readonly WorkerPool[];
  readonly dataDir: string;
  /** Of what triggers remember; 0 keeps it for ever. */
  readonly retentionDays: number;
  /** Of runs. */
  readonly retention: readonly StatusRetention[];
  /** Asked for the end of alerts, and for silences. */
  readonly alertmanagerUrl?: string | undefined;
  /** Absent: events stay in the outbox. */
  readonly nats?: Nats;
  readonly subjects?: { readonly stream: string; readonly prefix: string };
}

/** Everything that a worker process runs, in the order of its start. */
export function createWorkers(parts: WorkersParts): Service[] {
  const { workerId, db, heartbeatDb, flows, queues, hints, metrics, executor, pools, nats } = parts;
  const log = (component: string) => parts.log.child({ component, workerId });
  const clock = createDatabaseClock();
  const rest = createRest(db);
  const leads = createLeads(db, workerId);
  const leases = createLeaseKeeper({ db: heartbeatDb, log: log('Leases') });
  const spool = createSpool({
    directory: join(parts.dataDir, 'spool'),
    settle: flows.engine.settle,
    log: log('Spool'),
  });
  const executeNode = createNodeExecution({ ...parts, ...flows, leases, spool, clock, log: log('Worker') });
  const finalizeRun = createFinalizeRun({ db, aftermath: flows.aftermath });
  const worker = createWorker({ queues, hints, leases, pools, executeNode, finalizeRun, log: log('Worker') });
  return [
    executor,
    leases,
    asService('spool', spool),
    createPresence({ db: heartbeatDb, workerId, pools, clock, log: log('Worker') }),
    worker,
    createDrain({ db: heartbeatDb, hints, workerId, worker, log: log('Worker') }),
    createReconciler({ ...flows, db, queues, hints, metrics, log: log('Reconciler'), leads, rest }),
    ...createTriggers({ ...parts, ...flows, clock, log: log('Triggers'), leads, rest }),
    createOrphanSweep(log('Worker')),
    createRetention({ db, log: log('Retention'), leads, retention: parts.retention }),
    ...(nats ? [createEventPublisher({ db, nats, hints, log: log('Outbox'), leads, rest, ...parts.subjects })] : []),
  ];
}

function asService(name: string, { start, stop }: { start(): Promise<void>; stop(): void }): Service {
  return {
    name,
    start,
    stop: () => {
      stop();
      return Promise.resolve();
    },
  };
}
