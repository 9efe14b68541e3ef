import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const READY_MS = 60_000;

/** The real service from the build, on servers and in a folder of its own. */
export interface BenchService {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** @throws Error when it is not ready within a minute, with the end of what it said */
export async function startService(port: number): Promise<BenchService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'commandcenter-bench-'));
  const { DATABASE_URL: _, REDIS_URL: __, NATS_URL: ___, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, '--roles=api,worker'], {
    env: { ...env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + READY_MS;
  while (!(await isReady(url))) {
    if (performance.now() > deadline || child.exitCode !== null) throw new Error(`The service did not start:\n${said}`);
    await delay(100);
  }
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
}
