/** The servers that the tests use, as URLs; `none` for one that is not installed. */
export interface TestServices {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly natsUrl: string;
}

const STANDARD: TestServices = {
  databaseUrl: 'postgres://postgres@127.0.0.1:5432/postgres',
  redisUrl: 'redis://127.0.0.1:6379',
  natsUrl: 'nats://127.0.0.1:4222',
};

/**
 * The servers of TEST_DATABASE_URL, TEST_REDIS_URL and TEST_NATS_URL (`npm test` brings up what is missing and sets
 * them), else of the service's own variables, else of the usual local ports. Nothing but databases, keys and streams
 * of a test's own is touched on them.
 */
export function testServices(): TestServices {
  const { env } = process;
  return {
    databaseUrl: env.TEST_DATABASE_URL ?? env.DATABASE_URL ?? STANDARD.databaseUrl,
    redisUrl: env.TEST_REDIS_URL ?? env.REDIS_URL ?? STANDARD.redisUrl,
    natsUrl: env.TEST_NATS_URL ?? env.NATS_URL ?? STANDARD.natsUrl,
  };
}

/** Skips the test or suite, and says why, where the optional server is not installed (the service runs without). */
export function needsServer(context: Mocha.Context, server: 'redis' | 'nats'): void {
  const { redisUrl, natsUrl } = testServices();
  if ((server === 'redis' ? redisUrl : natsUrl) !== 'none') return;
  console.log(`    (skipped: ${server}-server is not installed)`);
  context.skip();
}
