import type { Job } from 'bullmq';
import { FINALIZE_QUEUE, GATES_QUEUE } from '../../contracts/jobs.ts';
import { findCurrentEpochs } from '../../sql/queries/reconcile.ts';
import type { Repair, RepairParts } from './repair.ts';

const EVERY_MS = 10_000;
const PAGE = 500;

/**
 * Jobs that can never run: of runs that have ended, or of an epoch that is over (a flow whose add seemed to fail landed
 * after its successor). Only what waits for ever is looked for, gates and roots; what runs finds out by itself.
 */
export function createOrphanJobs(): Repair {
  let lastLook = -Infinity;
  let offset = 0;
  return {
    kind: 'orphan_job',
    async run(parts, repaired) {
      if (performance.now() - lastLook < EVERY_MS) return;
      lastLook = performance.now();
      const jobs = await heldJobs(parts, offset);
      offset = jobs.length < PAGE ? 0 : offset + PAGE;
      for (const runId of await removeOrphans(jobs, parts)) await repaired(runId);
    },
  };
}

async function heldJobs({ queues }: RepairParts, offset: number): Promise<Job[]> {
  const pages = await Promise.all([
    queues.queue(GATES_QUEUE).getJobs(['delayed'], offset, offset + PAGE - 1, true),
    queues.queue(FINALIZE_QUEUE).getJobs(['waiting-children'], offset, offset + PAGE - 1, true),
  ]);
  // A job that is removed while the page is read is missing in it.
  return pages.flat().filter((job) => job as Job | undefined);
}

async function removeOrphans(jobs: readonly Job[], { db }: RepairParts): Promise<Set<string>> {
  const current = await findCurrentEpochs(db, [...new Set(jobs.map((job) => runOf(job).runId))]);
  const removed = new Set<string>();
  for (const job of jobs) {
    const { runId, epoch } = runOf(job);
    const known = current.get(runId);
    if (known !== undefined && known <= epoch) continue;
    await job.remove({ removeChildren: true }).catch(() => undefined);
    removed.add(runId);
  }
  return removed;
}

/** Ids are `<runId>.<epoch>…` (flows/dispatch.ts). */
function runOf({ id = '' }: Job): { runId: string; epoch: number } {
  const [runId = '', epoch = '0'] = id.split('.');
  return { runId, epoch: Number(epoch) };
}
