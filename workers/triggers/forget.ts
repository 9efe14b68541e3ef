import { dropOldCursors } from '../../sql/queries/schedules.ts';
import { forgetOldTriggerRecords } from '../../sql/queries/triggers.ts';
import type { Task } from './task.ts';

/** How long a cursor that nobody moves is kept: the longest outage after which a schedule still knows where it was. */
const CURSOR_DAYS = 30;

/** Webhooks, decisions and ended alerts are kept for RETENTION_DAYS; 0 keeps them. */
export const forget: Task = {
  name: 'forget',
  everyMs: 3_600_000,
  async run({ db, retentionDays }) {
    await dropOldCursors(db, CURSOR_DAYS);
    if (retentionDays > 0) await forgetOldTriggerRecords(db, retentionDays);
  },
};
