import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../platform/log.ts';
import { resolveServices, type ResolvedServices } from '../platform/services.ts';

/** The servers of a test run, and the environment that tells the tests where they are. */
export interface TestServers {
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/**
 * Brings up servers on free ports with their data in a temporary folder, so that tests run beside a live service and
 * beside each other. A server that DATABASE_URL, REDIS_URL or NATS_URL names is used instead.
 */
export async function startTestServers(env: NodeJS.ProcessEnv): Promise<TestServers> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cctest-servers-'));
  await chmod(dataDir, 0o755); // as root, Postgres runs under another account, which has to get in
  const addresses = { databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, natsUrl: env.NATS_URL };
  const resolved = await resolveServices(
    { ...addresses, dataDir, production: false },
    createLogger({ level: 'error' }),
  );
  for (const line of resolved.lines) console.log(`tests use ${line}`);
  return {
    env: { ...withoutAddresses(env), NODE_ENV: 'test', ...testVariables(resolved) },
    stop: async () => {
      await Promise.all(resolved.services.map((service) => service.stop(10_000)));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A service that a test starts must not find the addresses of the developer's own. */
function withoutAddresses({ DATABASE_URL: _database, REDIS_URL: _redis, NATS_URL: _nats, ...env }: NodeJS.ProcessEnv) {
  return env;
}

function testVariables({ databaseUrl, queue, natsUrl }: ResolvedServices): Record<string, string> {
  return {
    TEST_DATABASE_URL: databaseUrl,
    TEST_REDIS_URL: queue.kind === 'redis' ? queue.url : 'none',
    TEST_NATS_URL: natsUrl ?? 'none',
  };
}
