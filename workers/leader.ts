import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../platform/log.ts';
import { untilTick } from '../platform/ticks.ts';
import type { Database } from '../sql/pool.ts';
import { holdLead, leaveLead } from '../sql/queries/leader.ts';

/**
 * Work that one process at a time does, in rounds. The lead is a leased row: a stopped process loses it, as it would not
 * lose a session's advisory lock.
 */
export interface LedLoop {
  readonly name: string;
  /** The next round begins now. */
  wake(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The lead of one round. */
export interface Lead {
  /** Another process may have led since the last round of this one. */
  readonly isNew: boolean;
  /** False when another process may lead soon: what a round has read may be out of date then. */
  isFresh(): boolean;
}

export interface LedLoopOptions {
  /** Of the lead: one per name in the whole system. */
  readonly name: string;
  readonly holder: string;
  readonly db: Database;
  readonly log: Logger;
  readonly everyMs: number;
  /** Rest after a round also where the next one was asked for, so that what comes in bursts is done together; default 0. */
  readonly restMs?: number;
  /** One round; `leading` aborts when this process stops. Rounds never overlap. */
  readonly round: (leading: AbortSignal, lead: Lead) => Promise<void>;
}

/** Longer than any round should take; a round that takes longer only risks a second one beside it, which is harmless. */
const LEAD_SECONDS = 10;
/** A lead is not asked for again so soon after it was given: each time is a transaction of its own. */
const CONFIRMED_MS = 3000;
/** What is begun before may take the rest of the lease. */
const FRESH_MS = 6000;

export function createLedLoop({ name, holder, db, log, everyMs, restMs = 0, round }: LedLoopOptions): LedLoop {
  const stopped = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let woken = new AbortController();
  let confirmedAt = -Infinity;
  let isNew = true;

  function takeLead(): Lead {
    const lead = { isNew, isFresh: () => performance.now() - confirmedAt < FRESH_MS };
    isNew = false;
    return lead;
  }

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      try {
        if (await leads()) await round(stopped.signal, takeLead());
      } catch (error) {
        log.warn({ err: error }, `a round of ${name} failed`);
      }
      if (restMs > 0) await delay(restMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      await untilTick(everyMs, AbortSignal.any([stopped.signal, woken.signal]));
    }
  }

  async function leads(): Promise<boolean> {
    const askedAt = performance.now();
    if (askedAt - confirmedAt < CONFIRMED_MS) return true;
    const held = await holdLead(db, name, holder, LEAD_SECONDS);
    isNew ||= askedAt - confirmedAt >= LEAD_SECONDS * 1000;
    confirmedAt = held ? askedAt : -Infinity;
    return held;
  }

  return {
    name,
    wake() {
      woken.abort();
    },
    start() {
      running = loop();
      return Promise.resolve();
    },
    async stop() {
      stopped.abort();
      await running;
      await leaveLead(db, name, holder).catch(() => undefined);
    },
  };
}
