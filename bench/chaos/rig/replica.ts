import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { logTail } from '../../../platform/services/server-process.ts';
import { freePort } from '../../../platform/services/free-port.ts';

export type Role = 'api' | 'worker';

/** One process of the service. */
export interface Replica {
  readonly role: Role;
  readonly pid: number;
  /** The API, or a worker's page of health and metrics. */
  readonly url: string;
  readonly isRunning: boolean;
  /** Resolves to the exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const READY_MS = 120_000;

/** Puts a copy of the build into the folder: a build beside a long trial must not change what is tried. */
export async function copyBuild(folder: string): Promise<void> {
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json')); // says which release it is
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Starts a process of the built service; resolves when it answers. */
export async function startReplica(role: Role, folder: string, env: NodeJS.ProcessEnv): Promise<Replica> {
  const port = await freePort();
  const logPath = join(folder, `${role}.log`);
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', join(folder, 'dist', 'main.js'), `--roles=${role}`], {
    cwd: folder,
    stdio: ['ignore', log, log],
    env: { ...env, PORT: String(port), METRICS_PORT: String(port) },
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ?? code ?? 1);
    });
  });
  const replica = asReplica(role, child, `http://127.0.0.1:${port}`, ended);
  await becomeReady(replica, logPath);
  return replica;
}

function asReplica(role: Role, child: ChildProcess, url: string, ended: Replica['ended']): Replica {
  return {
    role,
    pid: child.pid ?? 0,
    url,
    ended,
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    signal: (signal) => void child.kill(signal),
  };
}

async function becomeReady(replica: Replica, logPath: string): Promise<void> {
  const end = performance.now() + READY_MS;
  while (performance.now() < end && replica.isRunning) {
    const response = await fetch(`${replica.url}/health`).catch(() => undefined);
    if (response?.ok) return;
    await delay(100);
  }
  if (replica.isRunning) replica.signal('SIGKILL');
  throw new Error(`The ${replica.role} ${replica.pid} did not become ready:\n${await logTail(logPath)}`);
}
