import { admittedRuns } from './admitted-runs.ts';
import { expiredLeases } from './expired-leases.ts';
import { expiredNodes } from './expired-nodes.ts';
import { handEndedRuns } from './hand-ended-runs.ts';
import { createOrphanJobs } from './orphan-jobs.ts';
import { overdueRuns } from './overdue-runs.ts';
import { createQuietRuns } from './quiet-runs.ts';
import type { Repair } from './repair.ts';
import { subWorkflows } from './sub-workflows.ts';
import { createUnusedPlaces } from './unused-places.ts';
import { wakeUps } from './wake-ups.ts';

/** What the reconciler does in a round, in this order. */
export const createRepairs = (): readonly Repair[] => [
  expiredLeases,
  overdueRuns,
  expiredNodes,
  wakeUps,
  subWorkflows,
  handEndedRuns,
  admittedRuns,
  createUnusedPlaces(),
  createQuietRuns(),
  createOrphanJobs(),
];
