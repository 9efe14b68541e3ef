import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../platform/log.ts';
import { untilTick } from '../platform/ticks.ts';
import { createContactLog, type Contact } from './contact.ts';
import type { Leads } from './leads.ts';

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
  /** With the database, of this process, whether it led before or followed. */
  readonly contact: Contact;
  /** False when another process may lead soon: what a round has read may be out of date then. */
  isFresh(): boolean;
}

export interface LedLoopOptions {
  /** Of the lead: one per name in the whole system. */
  readonly name: string;
  readonly leads: Leads;
  readonly log: Logger;
  readonly everyMs: number;
  /** Rest after a round also where the next one was asked for, so that what comes in bursts is done together; default 0. */
  readonly restMs?: number;
  /**
   * How long nobody leads after a leader was killed. Longer than most rounds: one that takes longer only risks a second one
   * beside it, which is harmless. Default 10.
   */
  readonly leadSeconds?: number;
  /** One round; `leading` aborts when this process stops. Rounds never overlap. */
  readonly round: (leading: AbortSignal, lead: Lead) => Promise<void>;
}

/** Made once: a loop is woken with each change of a run, and an error made for each time is a waste. */
const WOKEN = new DOMException('The next round begins now', 'AbortError');
/** A lead is not asked for again in this part of its time after it was given. */
const CONFIRMED_PART = 0.4;
/** What is begun before may take the rest of the lease. */
const FRESH_PART = 0.6;

export function createLedLoop(options: LedLoopOptions): LedLoop {
  const { name, leads, log, everyMs, restMs = 0, leadSeconds = 10, round } = options;
  const leadMs = leadSeconds * 1000;
  const stopped = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let woken = new AbortController();
  let confirmedAt = -Infinity;
  let isNew = true;
  /** Of followers as well: whoever leads next knows since when the database has been there. */
  const contact = createContactLog();

  function takeLead(): Lead {
    const lead = {
      isNew,
      contact: contact.current,
      isFresh: () => performance.now() - confirmedAt < leadMs * FRESH_PART,
    };
    isNew = false;
    return lead;
  }

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      try {
        if (await holdsLead()) {
          await round(stopped.signal, takeLead());
          contact.answered(performance.now());
        }
      } catch (error) {
        log.warn({ err: error }, `a round of ${name} failed`);
      }
      if (restMs > 0) await delay(restMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      await untilTick(everyMs, woken.signal);
    }
  }

  async function holdsLead(): Promise<boolean> {
    const askedAt = performance.now();
    if (askedAt - confirmedAt < leadMs * CONFIRMED_PART) return true;
    const held = await leads.hold({ name, seconds: leadSeconds });
    contact.answered(performance.now());
    isNew ||= askedAt - confirmedAt >= leadMs;
    confirmedAt = held ? askedAt : -Infinity;
    return held;
  }

  return {
    name,
    wake() {
      woken.abort(WOKEN);
    },
    start() {
      running = loop();
      return Promise.resolve();
    },
    async stop() {
      stopped.abort();
      woken.abort(WOKEN);
      await running;
      await leads.leave(name).catch(() => undefined);
    },
  };
}
