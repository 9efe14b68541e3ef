import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { renewLeases } from '../sql/queries/leases.ts';

/** Why work was told to stop: an operator's cancel, the loss of the right to it, or this worker's own end. */
export type StopReason = 'cancelled' | 'lost' | 'shutdown';

export interface HeldNode {
  readonly runId: string;
  readonly agentRunId: string;
  readonly token: string;
  readonly isFinally: boolean;
}

/** A node that this worker runs under a lease. */
export interface Lease {
  /** Aborts with a StopReason. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Renews the leases of everything this worker runs, every 3 s, through a pool of its own. What Postgres no longer grants
 * is stopped; when it cannot be asked for 10 s (counted from the sending of the last good heartbeat, by a monotonic
 * clock), everything is, because 5 s later somebody else may begin.
 */
export interface LeaseKeeper {
  readonly name: string;
  hold(node: HeldNode): Lease;
  /** Stops what it runs of the run: a cancel, told at once instead of by the next heartbeat. */
  stopRun(runId: string): void;
  /** Stops everything; for a worker's end. */
  stopAll(reason: StopReason): void;
  readonly held: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export const LEASE_SECONDS = 15;
const HEARTBEAT_MS = 3000;
const FENCE_MS = 10_000;

export interface LeaseKeeperOptions {
  readonly db: Database;
  readonly log: Logger;
}

export function createLeaseKeeper({ db, log }: LeaseKeeperOptions): LeaseKeeper {
  // by token: after a lost lease this worker may itself run the next attempt of a node beside the one it stops
  const held = new Map<string, HeldNode & { readonly abort: AbortController; readonly since: number }>();
  let timer: NodeJS.Timeout | undefined;
  let lastGood = performance.now();
  let beating: Promise<void> | undefined;

  async function beat(): Promise<void> {
    const sentAt = performance.now();
    const asked = [...held.values()];
    try {
      const granted = await renewLeases(db, asked, LEASE_SECONDS);
      lastGood = sentAt;
      for (const node of asked) {
        const answer = granted.get(node.token);
        if (answer === undefined) abort(node.token, 'lost');
        else if (answer.cancelRequested && !node.isFinally) abort(node.token, 'cancelled');
      }
    } catch (error) {
      log.warn({ err: error, held: held.size }, 'a heartbeat failed');
    }
  }

  /** Fences itself: also between beats, and also while a beat hangs. */
  function fence(): void {
    const now = performance.now();
    for (const node of held.values()) {
      if (now - Math.max(lastGood, node.since) < FENCE_MS) continue;
      log.error({ runId: node.runId, agentRunId: node.agentRunId }, 'no heartbeat for 10 s: stopping the agent');
      abort(node.token, 'lost');
    }
  }

  function abort(token: string, reason: StopReason): void {
    held.get(token)?.abort.abort(reason);
  }

  let ticks = 0;
  function tick(): void {
    fence();
    if (ticks++ % 3 !== 0 || beating || held.size === 0) return;
    beating = beat().finally(() => (beating = undefined));
  }

  return {
    name: 'leases',
    hold(node) {
      const abortController = new AbortController();
      held.set(node.token, { ...node, abort: abortController, since: performance.now() });
      return {
        signal: abortController.signal,
        end: () => {
          held.delete(node.token);
        },
      };
    },
    stopRun(runId) {
      for (const node of held.values()) {
        if (node.runId === runId && !node.isFinally) abort(node.token, 'cancelled');
      }
    },
    stopAll(reason) {
      for (const node of held.values()) abort(node.token, reason);
    },
    get held() {
      return held.size;
    },
    start() {
      timer = setInterval(tick, HEARTBEAT_MS / 3);
      return Promise.resolve();
    },
    async stop() {
      clearInterval(timer);
      await beating;
    },
  };
}
