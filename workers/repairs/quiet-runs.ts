import type { Plan } from '../../flows/plan.ts';
import { failpoint } from '../../platform/failpoints.ts';
import { findQuietRuns, readyMiscounted, type QuietRun } from '../../sql/queries/reconcile.ts';
import { raiseEpoch } from '../../sql/queries/results.ts';
import { LATER_MS } from '../look-again.ts';
import { eachAlone, readablePlan, type Repair, type RepairParts } from './repair.ts';

const QUIET_SECONDS = 2;
const FIRST = '00000000-0000-0000-0000-000000000000';
const MOST_NODES = 50;

/**
 * Everything that can be missing from a run that stands still. Quiet runs are looked at a page a round, in turns, so that
 * a long queue costs a round no more than a short one.
 */
export function createQuietRuns(): Repair {
  let cursor = FIRST;
  const sleepers = createSleepers();
  return {
    kind: 'quiet_run',
    async run(parts, repaired) {
      const page = await findQuietRuns(parts.db, QUIET_SECONDS, cursor);
      cursor = page.at(-1)?.runId ?? FIRST;
      const runIds = page.map(({ runId }) => runId);
      for (const { runId, agentRunId } of await readyMiscounted(parts.db, runIds)) {
        parts.log.error(
          { runId, agentRunId },
          'a node waited for dependencies that are settled: please report this as a bug',
        );
        await repaired(runId, 'not_ready');
      }
      await eachAlone(
        page,
        parts,
        ({ runId }) => runId,
        async (run) => {
          const kind = await repairRun(run, parts, sleepers);
          if (kind) await repaired(run.runId, kind);
        },
      );
    },
  };
}

type Missing = 'end' | 'cancel' | 'flow' | 'job' | 'unreadable';

/** @returns what was missing */
async function repairRun(run: QuietRun, parts: RepairParts, sleepers: Sleepers): Promise<Missing | null> {
  if (run.openNodes === 0 && run.openFinally === 0) return endRun(run, parts);
  if (run.cancelling && run.abandoned.length > 0) return cancelAbandoned(run, parts);
  if (run.paused) return null;
  const plan = await readablePlan(run.versionId, parts);
  if (plan === null) return endUnreadable(run, parts);
  if (!(await parts.dispatcher.hasRoot(plan, run))) return addFlowAnew(plan, run, parts);
  return wakeReady(plan, run, parts, sleepers);
}

/** Every node is settled and the run is open: its output is what is missing. */
async function endRun({ runId }: QuietRun, { aftermath }: RepairParts): Promise<Missing | null> {
  aftermath.of({ settled: [], ready: [], started: [], ended: [], finish: [runId], admitted: [] });
  await aftermath.idle();
  return 'end';
}

async function cancelAbandoned({ runId, abandoned }: QuietRun, { engine }: RepairParts): Promise<Missing | null> {
  const cancelled = { status: 'CANCELLED', errorCode: 'CANCELLED', errorMessage: 'The run was cancelled' } as const;
  await Promise.all(abandoned.map((agentRunId) => engine.settle({ runId, agentRunId, token: null, ...cancelled })));
  return 'cancel';
}

/** Nothing can run of it any more: it fails with the reason, its finally nodes with it. */
async function endUnreadable({ runId, ready, cancelling }: QuietRun, { engine }: RepairParts): Promise<Missing | null> {
  const errorCode = 'INVALID_DEFINITION';
  const errorMessage = 'The stored definition of the run cannot be read: it was changed by hand, or by another version';
  if (!cancelling) await engine.cancel({ runId, by: 'reconciler', endAs: 'FAILED', errorCode, errorMessage });
  const cancelled = { status: 'CANCELLED', errorCode, errorMessage } as const;
  await Promise.all(ready.map(({ agentRunId }) => engine.settle({ runId, agentRunId, token: null, ...cancelled })));
  return 'unreadable';
}

/** Its flow was never added, or Redis has lost it: the remaining nodes get a flow of the next epoch. */
async function addFlowAnew(plan: Plan, run: QuietRun, { db, dispatcher }: RepairParts): Promise<Missing | null> {
  const epoch = await raiseEpoch(db, run.runId, run.epoch);
  if (epoch === null) return null;
  failpoint('epoch-raised');
  const next = { runId: run.runId, epoch, versionId: run.versionId };
  await dispatcher.addFlow(plan, next, new Set(run.settled));
  // Instances of maps have no job in any flow.
  const items = run.ready.filter(({ itemIndex }) => itemIndex !== null);
  if (items.length > 0) await dispatcher.addNodes(plan, next, items);
  await dispatcher.removeFlow(plan, run);
  return 'flow';
}

/** Ready nodes that no job will look at: a gate that was not removed, a job that is gone, a job that sleeps too long. */
async function wakeReady(
  plan: Plan,
  run: QuietRun,
  { dispatcher }: RepairParts,
  sleepers: Sleepers,
): Promise<Missing | null> {
  let missing: Missing | null = null;
  for (const node of run.ready.slice(0, MOST_NODES)) {
    const presence = await dispatcher.presence(plan, run, node);
    if (presence === 'live') {
      if (sleepers.isLong(node.agentRunId)) await dispatcher.promote(plan, run, node);
      continue;
    }
    if (presence === 'held') await dispatcher.openGate(plan, run, node.nodeIndex);
    await dispatcher.addNodes(plan, run, [node]);
    missing = 'job';
  }
  return missing;
}

/** Longer than any job of a ready node is parked. */
const LONGEST_SLEEP_MS = LATER_MS + 5_000;
const FORGOTTEN_MS = 600_000;

/** How long nodes have been ready with a job that nobody had to add. */
interface Sleepers {
  /** True once in a while for a node whose job should have looked long ago. */
  isLong(agentRunId: string): boolean;
}

/**
 * A job is parked by the clock of the worker that parks it: where that was ahead, and is right again or gone, the job
 * would sleep for as long as it was ahead. Redis does not tell until when, so time counts from the first look at the node.
 */
function createSleepers(): Sleepers {
  const since = new Map<string, number>();
  return {
    isLong(agentRunId) {
      const now = performance.now();
      const first = since.get(agentRunId);
      if (first !== undefined && now - first < LONGEST_SLEEP_MS) return false;
      for (const [id, at] of since) if (now - at > FORGOTTEN_MS) since.delete(id);
      since.set(agentRunId, now);
      return first !== undefined;
    },
  };
}
