import { FINALIZE_QUEUE } from '../../contracts/jobs.ts';
import { agentsQueue, STEPS_QUEUE } from '../../contracts/jobs.ts';
import type { Config } from '../../platform/config.ts';
import type { Queryable } from '../../sql/pool.ts';
import { listPools } from '../../sql/queries/measures.ts';

/** The queues that workers consume, by the pools that are configured here or that any worker of the last hour served. */
export async function queueNames(
  db: Queryable,
  { workerPools }: Pick<Config, 'workerPools'>,
): Promise<readonly string[]> {
  const pools = new Set(['default', ...workerPools.map(({ name }) => name), ...(await listPools(db))]);
  return [STEPS_QUEUE, ...[...pools].map(agentsQueue), FINALIZE_QUEUE];
}
