import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../sql/pool.ts';
import { findPendingMigrations } from '../../sql/queries/pending-migrations.ts';
import { ping } from '../../sql/queries/ping.ts';
import type { ApiParts } from '../parts.ts';
import { PROBE_MS, probe, type Probe } from './probe.ts';

export interface Probes {
  readonly database: Probe;
  readonly migrations: Probe;
  readonly redis: Probe;
  /** Undefined where the mirror is off. */
  readonly nats: Probe | undefined;
  /** Undefined where this process runs no agents. */
  readonly executor: Probe | undefined;
}

/** One probe for each part that the service stands on. */
export function createProbes({ db, healthDb = db, queues, nats, executorHealth }: ApiParts): Probes {
  return {
    database: probe('The database', () => ping(healthDb)),
    migrations: probe('The database', () => refusePending(healthDb)),
    redis: probe(queues.kind === 'redis' ? 'Redis' : 'The queue', () => queues.ping(PROBE_MS)),
    nats: nats && probe('NATS', () => nats.ping(PROBE_MS)),
    executor: executorHealth && probe('The executor', () => refuseUnfit(executorHealth)),
  };
}

async function refusePending(db: Database): Promise<void> {
  const pending = await findPendingMigrations(db);
  if (pending.length > 0) throw new AppError('UNAVAILABLE', `Migrations are missing: ${pending.join(', ')}`);
}

async function refuseUnfit(health: NonNullable<ApiParts['executorHealth']>): Promise<void> {
  const state = await health(PROBE_MS);
  if (!state.ok) throw new AppError('EXECUTOR_UNAVAILABLE', state.error);
}
