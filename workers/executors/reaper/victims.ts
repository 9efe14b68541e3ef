import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, signalGroup } from '../process/signals.ts';
import { findLabelled } from '../process/sweep.ts';

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 3_000;
const LOOK_MS = 50;

/** The process groups of one worker's agents, and their end. */
export class Victims {
  readonly #workerId: string;
  /** Group → when its leader was started: ids are used again. */
  readonly #groups = new Map<number, string>();
  #killing: Promise<void> | undefined;

  constructor(workerId: string) {
    this.#workerId = workerId;
  }

  add(pgid: number): void {
    if (pgid > 1) this.#groups.set(pgid, startTimeOf(pgid));
  }

  delete(pgid: number): void {
    this.#groups.delete(pgid);
  }

  /** SIGTERM to all, and SIGKILL to what is left of them after 3 s. */
  kill(): Promise<void> {
    this.#killing ??= this.#killAll().finally(() => {
      this.#killing = undefined;
    });
    return this.#killing;
  }

  async #killAll(): Promise<void> {
    const groups = [...this.#groups].filter(([pgid, startedAt]) => isSame(pgid, startedAt)).map(([pgid]) => pgid);
    const daemons = this.#findDaemons();
    this.#groups.clear();
    for (const pgid of groups) signalGroup(pgid, 'SIGTERM');
    for (const pid of daemons) signalProcess(pid, 'SIGTERM');
    const deadline = performance.now() + GRACE_MS;
    while (performance.now() < deadline && [...groups, ...daemons].some(isAlive)) await delay(LOOK_MS);
    for (const pgid of groups) signalGroup(pgid, 'SIGKILL');
    // looked for again: what ignores SIGTERM may have started more
    for (const pid of this.#findDaemons()) signalProcess(pid, 'SIGKILL');
  }

  #findDaemons(): number[] {
    return findLabelled().flatMap(({ pid, label }) => (label.workerId === this.#workerId ? [pid] : []));
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended
  }
}

/** True unless the id now belongs to another process. A group may outlive its leader. */
function isSame(pgid: number, startedAt: string): boolean {
  const now = startTimeOf(pgid);
  return now === '' || startedAt === '' || now === startedAt;
}

/** In clock ticks since boot; empty where it cannot be read. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
