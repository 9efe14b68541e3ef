import { findAwaitedAlerts, findResolvedWaits, noteMissedAlerts } from '../../sql/queries/alerts.ts';
import { readable } from '../../sql/mended.ts';
import { eachAlone, type Task } from './task.ts';

const ASK_EVERY_MS = 10_000;
/** An alert that AlertManager does not know at two times this far apart is resolved. */
const BETWEEN_SECONDS = 8;

/** Asks AlertManager about the alerts that runs wait for: its "resolved" may be silenced, or lost on the way. */
export const askAlertManager: Task = {
  name: 'ask-alertmanager',
  everyMs: ASK_EVERY_MS,
  async run({ db, alertManager }) {
    if (!alertManager) return;
    const awaited = readable(await findAwaitedAlerts(db));
    if (awaited.length === 0) return;
    await noteMissedAlerts(db, awaited, { present: await alertManager.firing(), betweenSeconds: BETWEEN_SECONDS });
  },
};

/** Lets the runs go on whose alert is resolved, however we heard of it. */
export const awaitedAlerts: Task = {
  name: 'awaited-alerts',
  async run(parts) {
    await eachAlone(
      await findResolvedWaits(parts.db),
      parts,
      ({ agentRunId }) => agentRunId,
      async ({ runId, agentRunId, alert }) => {
        await parts.engine.settle({ runId, agentRunId, token: null, status: 'SUCCESS', output: alert });
      },
    );
  },
};
