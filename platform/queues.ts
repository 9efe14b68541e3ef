import type { Logger } from './log.ts';
import type { BackendOptions, QueueBackend, QueueSettings } from './queues/backend.ts';
import { createPostgresQueues } from './queues/postgres.ts';
import { createRedisQueues } from './queues/redis.ts';

export { isMissingScript, type QueueBackend, type QueueSettings } from './queues/backend.ts';

/**
 * Opens the queues. A Redis that is away is waited for (in the background, after two seconds); a Postgres is needed.
 * @throws AppError DATABASE_UNAVAILABLE when the Postgres backend cannot bring its tables up to date
 */
export function createQueueBackend(
  settings: QueueSettings,
  log: Logger,
  options?: BackendOptions,
): Promise<QueueBackend> {
  return settings.kind === 'redis'
    ? createRedisQueues(settings, log, options)
    : createPostgresQueues(settings, log, options);
}
