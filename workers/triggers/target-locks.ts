import { forgetOverWaits, releaseLeakedLocks } from '../../sql/queries/locks.ts';
import type { Task } from './task.ts';

/** Gives back the locks on targets whose node has ended, or whose worker has, and forgets who waits no longer. */
export const targetLocks: Task = {
  name: 'target-locks',
  async run({ db, log }) {
    await forgetOverWaits(db);
    const keys = await releaseLeakedLocks(db);
    if (keys.length > 0) log.debug({ keys }, 'locks on targets were given back');
  },
};
