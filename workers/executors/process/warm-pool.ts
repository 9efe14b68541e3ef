import { readFileSync } from 'node:fs';
import type { AgentProcess } from './agent-process.ts';
import type { WarmOrder } from './warm-order.ts';

/** Idle processes over all kinds; each holds about 45 MB. */
const MAX_IDLE = 6;
const MAX_IDLE_PER_KIND = 2;
/** An idle process that nobody has asked for in this time is let go. */
const IDLE_MS = 5 * 60_000;

/** What a waiting process can be used for. */
export interface WarmKind {
  /** The kit-made module that it has loaded; without one it takes any module. */
  readonly preload: string | undefined;
  readonly memoryMb: number;
  readonly network: boolean;
  readonly readOnly: boolean;
}

interface Waiting {
  readonly kind: string;
  readonly process: AgentProcess;
  readonly since: number;
  /** Resolves when it is ready, or has ended. */
  readonly settled: Promise<void>;
  ready: boolean;
}

export interface WarmPoolOptions {
  start(this: void, kind: WarmKind): Promise<AgentProcess>;
  end(this: void, process: AgentProcess): Promise<void>;
}

/** Processes that have paid their start-up cost and wait; each serves one run. Small, and bounded by idle time. */
export class WarmPool {
  readonly #options: WarmPoolOptions;
  #waiting: Waiting[] = [];
  #starting = 0;
  #closed = false;
  readonly #sweeper = setInterval(() => void this.#letGo(IDLE_MS), IDLE_MS / 5).unref();

  constructor(options: WarmPoolOptions) {
    this.#options = options;
  }

  /** A process of this kind that is ready, or undefined: then a cold start is faster than waiting. */
  take(kind: WarmKind): AgentProcess | undefined {
    const key = JSON.stringify(kind);
    const found = this.#waiting.find((candidate) => candidate.ready && candidate.kind === key);
    if (found) this.#remove(found);
    return found?.process;
  }

  /** Makes sure that another process of this kind will be ready, at the cost of those that waited longest. */
  async refill(kind: WarmKind): Promise<void> {
    await this.#add(kind);
  }

  /** The same, and resolves when it is ready, or is none. */
  async fill(kind: WarmKind): Promise<void> {
    const added = await this.#add(kind);
    await added?.settled;
  }

  async #add(kind: WarmKind): Promise<Waiting | undefined> {
    const key = JSON.stringify(kind);
    const same = this.#waiting.filter((candidate) => candidate.kind === key).length;
    if (this.#closed || same + this.#starting >= MAX_IDLE_PER_KIND) return undefined;
    if (this.#waiting.length + this.#starting >= MAX_IDLE && !this.#evictOtherThan(key)) return undefined;
    this.#starting += 1;
    // a process that cannot be started ahead cannot be started cold either, and there the reason is told
    const process = await this.#options.start(kind).catch(() => undefined);
    this.#starting -= 1;
    return process && this.#await(key, process);
  }

  /** How many are ready for this kind. */
  ready(kind: WarmKind): number {
    const key = JSON.stringify(kind);
    return this.#waiting.filter((candidate) => candidate.ready && candidate.kind === key).length;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    await this.#letGo(-1);
  }

  #await(kind: string, process: AgentProcess): Waiting {
    const settled = new Promise<void>((resolve) => {
      process.orders?.once('data', () => {
        waiting.ready = true;
        resolve();
      });
      process.child.once('exit', () => {
        if (this.#remove(waiting)) void this.#options.end(process);
        resolve();
      });
    });
    const waiting: Waiting = { kind, process, since: performance.now(), settled, ready: false };
    this.#waiting.push(waiting);
    if (this.#closed) void this.#letGo(-1);
    return waiting;
  }

  #evictOtherThan(kind: string): boolean {
    const oldest = this.#waiting.find((candidate) => candidate.kind !== kind);
    if (!oldest) return false;
    this.#remove(oldest);
    void this.#options.end(oldest.process);
    return true;
  }

  async #letGo(olderThanMs: number): Promise<void> {
    const old = this.#waiting.filter(({ since }) => performance.now() - since > olderThanMs);
    await Promise.all(old.filter((waiting) => this.#remove(waiting)).map(({ process }) => this.#options.end(process)));
  }

  #remove(waiting: Waiting): boolean {
    const index = this.#waiting.indexOf(waiting);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }
}

/** Tells a waiting process what to run; from then on it is the agent. */
export function giveOrder({ orders }: AgentProcess, order: WarmOrder): void {
  orders?.end(`${JSON.stringify(order)}\n`);
}

/**
 * True for a module made with the kit: it can be loaded ahead, for it acts only when its `main` is called. Others act
 * on import, so this must not guess: it has to export a default and to know the variable that holds it back.
 */
export function isPreloadable(entry: string): boolean {
  const code = readFileSync(entry, 'utf8');
  return code.includes('COMMANDCENTER_WARM') && /export\s*\{[^}]*\bas default\b|export default/.test(code);
}
