import { releaseLeakedLocks } from '../../sql/queries/locks.ts';
import type { Task } from './task.ts';

/** Gives back the locks on targets whose node has ended, or whose worker has. */
export const targetLocks: Task = {
  name: 'target-locks',
  async run({ db, log }) {
    const keys = await releaseLeakedLocks(db);
    if (keys.length > 0) log.debug({ keys }, 'locks on targets were given back');
  },
};
