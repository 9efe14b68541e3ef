import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '../../platform/services/free-port.ts';
import { needsProgram } from './program.ts';
import { waitFor } from './wait-for.ts';

/** A Redis that nobody else uses, so that it may be emptied. */
export interface PrivateRedis {
  readonly url: string;
  /** FLUSHALL: everything is gone, as after a crash of a Redis that keeps nothing. */
  flushAll(): Promise<void>;
  stop(): Promise<void>;
}

/** Skips the suite where redis-server is not installed. */
export async function startPrivateRedis(context: Mocha.Context): Promise<PrivateRedis> {
  const program = await needsProgram(context, 'redis-server');
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn(program, options, { stdio: 'ignore' });
  const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  await waitFor(() => redis.connect().then(() => true), { describe: 'the private Redis to answer' });
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    async flushAll() {
      await redis.flushall();
    },
    async stop() {
      redis.disconnect();
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}
