import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import { isConnectionFailure } from '../sql/errors.ts';
import type { Database } from '../sql/pool.ts';
import { countRepair, databaseUptimeMs } from '../sql/queries/reconcile.ts';
import type { Contact } from './contact.ts';
import { createLedLoop, type Lead, type LedLoop } from './leader.ts';
import type { Leads } from './leads.ts';
import { createRepairs } from './repairs/repairs.ts';
import type { RepairParts } from './repairs/repair.ts';
import type { Rest } from './rest.ts';

export interface ReconcilerParts extends RepairParts {
  readonly db: Database;
  readonly hints: Hints;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly leads: Leads;
  readonly rest: Rest;
}

const EVERY_MS = 1000;
/** A worker may be killed with a node, and the reconciling one when that node's lease ends: both times add up. */
const LEAD_SECONDS = 3;
/** After the database was away, leases count as expired only when their workers have had time to renew them. */
const GRACE_AFTER_OUTAGE_MS = 15_000;

/**
 * Finds what has made no progress and puts it right, from Postgres alone; one process at a time, every second while anything
 * is under way. A repair that fails, or one poisoned run, stops none of the others.
 */
export function createReconciler(parts: ReconcilerParts): LedLoop {
  const { db, hints, metrics, log, leads, rest } = parts;
  const repairs = createRepairs();
  const mayRest = rest.forLoop('runs');
  let contact: Contact | undefined;
  let trustLeasesFrom = 0;

  async function report(kind: string, subject: string): Promise<void> {
    metrics.reconcilerRepairsTotal.inc({ kind });
    log.info({ kind, subject }, 'repaired');
    await countRepair(db, kind, subject);
  }

  async function round(leading: AbortSignal, lead: Lead): Promise<void> {
    await noteContact(lead);
    let isGood = true;
    for (const repair of (await mayRest()) ? [] : repairs) {
      if (leading.aborted) return;
      if (repair.needsLeases && performance.now() < trustLeasesFrom) continue;
      try {
        await repair.run(parts, (subject, kind = repair.kind) => report(kind, subject));
      } catch (error) {
        if (isConnectionFailure(error)) throw error;
        isGood = false;
        log.warn({ err: error, kind: repair.kind }, 'a repair failed');
      }
    }
    if (isGood) metrics.reconcilerLastSuccessTimestampSeconds.set(Date.now() / 1000);
  }

  /** Where this process has not been cut off from the database, only the database can have been: it knows since when it is up. */
  async function noteContact(lead: Lead): Promise<void> {
    if (lead.contact === contact) return;
    const { since, isReturn } = lead.contact;
    trustLeasesFrom = isReturn
      ? since + GRACE_AFTER_OUTAGE_MS
      : performance.now() + Math.max(0, GRACE_AFTER_OUTAGE_MS - (await databaseUptimeMs(db)));
    contact = lead.contact;
  }

  const timing = { everyMs: EVERY_MS, leadSeconds: LEAD_SECONDS };
  const loop = createLedLoop({ name: 'reconciler', leads, log, ...timing, round });
  const unsubscribe = hints.subscribe('look', () => {
    loop.wake();
  });
  return {
    ...loop,
    stop() {
      unsubscribe();
      return loop.stop();
    },
  };
}
