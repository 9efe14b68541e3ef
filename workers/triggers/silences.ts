import { findOverSilences, findWantedSilences, noteSilence, noteSilenceRemoved } from '../../sql/queries/silences.ts';
import { readable } from '../../sql/mended.ts';
import { eachAlone, type Task } from './task.ts';

/** A silence ends by itself this long after the service that would end it is gone, and is renewed at half of it. */
const SILENCE_SECONDS = 600;

/** Silences alerts in AlertManager for as long as the runs last that ask for it, and no longer. */
export const silences: Task = {
  name: 'silences',
  async run(parts) {
    const { db, alertManager, links } = parts;
    if (!alertManager) return;
    await eachAlone(
      await findOverSilences(db),
      parts,
      ({ runId }) => runId,
      async ({ runId, silenceId }) => {
        await alertManager.unsilence(silenceId);
        await noteSilenceRemoved(db, runId);
      },
    );
    await eachAlone(
      // without its matchers a silence would silence everything
      readable(await findWantedSilences(db, SILENCE_SECONDS / 2)),
      parts,
      ({ runId }) => runId,
      async ({ runId, matchers, silenceId }) => {
        const endsAt = new Date(Date.now() + SILENCE_SECONDS * 1_000);
        const comment = `${links.publicUrl}/runs/${runId}`;
        const id = await alertManager.silence({ id: silenceId ?? undefined, matchers, endsAt, comment });
        await noteSilence(db, { runId, silenceId: id, endsAt });
      },
    );
  },
};
