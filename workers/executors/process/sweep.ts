import { readdirSync, readFileSync } from 'node:fs';
import { RUN_VARIABLE, WORKER_VARIABLE } from './environment.ts';

/** What the environment of a process says about who started it. */
export interface ProcessLabel {
  readonly workerId: string;
  /** `<runId>.<agentRunId>.<token>`; missing on processes that were started ahead of time. */
  readonly run: string | undefined;
}

export interface SweepOptions {
  /** Asked once for every agent's process found on this machine. */
  isLive(this: void, label: ProcessLabel): boolean;
}

/**
 * Kills the processes of agents that nobody runs any more, however they daemonised: the label in their environment
 * tells. Only on Linux (it reads /proc). Returns their ids.
 */
export function sweepOrphans({ isLive }: SweepOptions): number[] {
  return findLabelled().flatMap(({ pid, label }) => (!isLive(label) && kill(pid) ? [pid] : []));
}

/** Every process on this machine that an executor started, or that one of those did. */
export function findLabelled(): { readonly pid: number; readonly label: ProcessLabel }[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    const label = Number.isInteger(pid) && pid !== process.pid ? readLabel(name) : undefined;
    return label ? [{ pid, label }] : [];
  });
}

function readLabel(pid: string): ProcessLabel | undefined {
  const environment = readEnvironment(pid);
  const workerId = valueOf(WORKER_VARIABLE, environment);
  return workerId === undefined ? undefined : { workerId, run: valueOf(RUN_VARIABLE, environment) };
}

/** `\0NAME=value\0…\0`; empty for processes of others, of the kernel, and for those that have ended. */
function readEnvironment(pid: string): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
  } catch {
    return '';
  }
}

function valueOf(name: string, environment: string): string | undefined {
  const start = environment.indexOf(`\0${name}=`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const end = environment.indexOf('\0', from);
  return environment.slice(from, end < 0 ? undefined : end);
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // it ended meanwhile
  }
}
