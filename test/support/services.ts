import { createConnection } from 'node:net';

/** The servers that the tests use, as URLs. */
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
 * them), else of the usual local ports.
 */
export function testServices(): TestServices {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_NATS_URL } = process.env;
  return {
    databaseUrl: TEST_DATABASE_URL ?? STANDARD.databaseUrl,
    redisUrl: TEST_REDIS_URL ?? STANDARD.redisUrl,
    natsUrl: TEST_NATS_URL ?? STANDARD.natsUrl,
  };
}

/** True when something accepts connections at a URL's host and port; for `if (!…) this.skip()` where it is optional. */
export function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port), timeout: 1000 });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('timeout', () => {
      settle(false);
    });
    socket.once('error', () => {
      settle(false);
    });
  });
}
