import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import { isConnectionFailure } from '../sql/errors.ts';
import type { Database } from '../sql/pool.ts';
import { countRepair, databaseUptimeMs } from '../sql/queries/reconcile.ts';
import { createLedLoop, type LedLoop } from './leader.ts';
import { createRepairs } from './repairs/repairs.ts';
import type { RepairParts } from './repairs/repair.ts';
import type { Rest } from './rest.ts';

export interface ReconcilerParts extends RepairParts {
  readonly db: Database;
  readonly hints: Hints;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly holder: string;
  readonly rest: Rest;
}

const EVERY_MS = 1000;
/** After the database was away, leases count as expired only when their workers have had time to renew them. */
const GRACE_AFTER_OUTAGE_MS = 15_000;
/** A gap between good rounds that counts as an outage: of the database, or of this process. */
const OUTAGE_MS = 5000;

/**
 * Finds what has made no progress and puts it right, from Postgres alone; one process at a time, every second while anything
 * is under way. A repair that fails, or one poisoned run, stops none of the others.
 */
export function createReconciler(parts: ReconcilerParts): LedLoop {
  const { db, hints, metrics, log, holder, rest } = parts;
  const repairs = createRepairs();
  const mayRest = rest.forLoop();
  let lastGood = -Infinity;
  let trustLeasesFrom = 0;

  async function report(kind: string, subject: string): Promise<void> {
    metrics.reconcilerRepairsTotal.inc({ kind });
    log.info({ kind, subject }, 'repaired');
    await countRepair(db, kind, subject);
  }

  async function round(leading: AbortSignal): Promise<void> {
    await noteOutage();
    let isGood = true;
    for (const repair of (await mayRest()) ? [] : repairs) {
      if (leading.aborted) return;
      if (repair.needsLeases && performance.now() < trustLeasesFrom) continue;
      try {
        await repair.run(parts, (subject, kind = repair.kind) => report(kind, subject));
      } catch (error) {
        isGood = false;
        log.warn({ err: error, kind: repair.kind }, 'a repair failed');
        if (isConnectionFailure(error)) return;
      }
    }
    lastGood = performance.now();
    if (isGood) metrics.reconcilerLastSuccessTimestampSeconds.set(Date.now() / 1000);
  }

  /** A leader that was leading a moment ago knows that the database was there; a new one asks how long it has been up. */
  async function noteOutage(): Promise<void> {
    const now = performance.now();
    if (now - lastGood <= OUTAGE_MS) return;
    const upForMs = lastGood === -Infinity ? await databaseUptimeMs(db) : 0;
    trustLeasesFrom = now + Math.max(0, GRACE_AFTER_OUTAGE_MS - upForMs);
  }

  const loop = createLedLoop({ name: 'reconciler', holder, db, log, everyMs: EVERY_MS, round });
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
