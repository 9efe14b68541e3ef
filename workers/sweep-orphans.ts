import { hostname } from 'node:os';
import type { Service } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import { sweepOrphans } from './executors/process/sweep.ts';

const EVERY_MS = 30_000;

/**
 * Kills agents on this machine whose worker process is gone. A worker's reaper does that within seconds; this is for the
 * day on which both were killed. A worker's id is `<host>-<pid>-…` (main.ts): agents of workers that live, of any
 * installation on this machine, and of workers on other machines (containers share process lists) are left alone.
 */
export function createOrphanSweep(log: Logger): Service {
  let timer: NodeJS.Timeout | undefined;
  const host = hostname();

  function sweep(): void {
    const killed = sweepOrphans({ isLive: ({ workerId }) => isAlive(workerId, host) });
    if (killed.length > 0) log.warn({ processes: killed.length }, 'killed agents whose worker is gone');
  }

  return {
    name: 'orphan sweep',
    start() {
      timer = setInterval(sweep, EVERY_MS);
      return Promise.resolve();
    },
    stop() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}

function isAlive(workerId: string, host: string): boolean {
  const match = /^(.+)-(\d+)-[^-]+$/.exec(workerId);
  if (match?.[1] !== host) return true;
  try {
    return process.kill(Number(match[2]), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
