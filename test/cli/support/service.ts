import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../platform/services/free-port.ts';
import { createTestDatabase } from '../../support/database.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A whole service in a process of its own, as `npm start` starts it: API and worker, on servers of its own beside the shared Postgres. */
export interface TestService {
  readonly url: string;
  stop(): Promise<void>;
}

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** Every variable that would lead it to somebody else's servers is empty: it brings up its own. */
const OWN_SERVERS = { REDIS_URL: '', NATS_URL: '', AUTH_TOKENS: '', NODE_ENV: '' };

/** @param agentsDir below the repository */
export async function startService({ agentsDir }: { readonly agentsDir: string }): Promise<TestService> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'cc-service-'));
  const port = await freePort();
  const logPath = join(dataDir, 'service.log');
  const log = createWriteStream(logPath);
  const child = spawn(process.execPath, ['scripts/run.mjs', 'main.js', '--roles=api,worker'], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...OWN_SERVERS,
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      PORT: String(port),
      AGENTS_DIR: agentsDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    await ended;
    log.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
  try {
    await waitFor(() => answers(url, child), { timeoutMs: 90_000, intervalMs: 100, describe: 'the service to answer' });
  } catch (error) {
    const said = await readFile(logPath, 'utf8');
    await stop();
    throw new Error(`The service did not start:\n${said.slice(-4000)}`, { cause: error });
  }
  return { url, stop };
}

async function answers(url: string, child: { readonly exitCode: number | null }): Promise<boolean> {
  if (child.exitCode !== null) return true; // the first request tells what is wrong
  return (await fetch(`${url}/health`)).ok;
}
