import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createLogger } from '../../platform/log.ts';
import type { Leads } from '../../workers/leads.ts';
import { createReconciler } from '../../workers/reconcile.ts';
import { createRest } from '../../workers/rest.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

/** Longer than a silence of the database that counts as an outage. */
const FOLLOWED_MS = 6000;
/** Shorter than the grace that leases have after an outage. */
const SOON_MS = 8000;

const LOST = { epoch: 1, pool: 'default', workerId: 'lost', leaseSeconds: 1, needs: [], withRun: false };

describe('a worker that reconciles again, after another one did', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await startTestEngine({ backend: 'postgres', workers: 0, agents: { held: () => null } });
    await engine.define({ name: 'held', nodes: [{ id: 'a', agent: 'held' }] });
  });
  after(() => engine.close());

  it('takes the node of a lost worker at once: it knew all the time that the database was there', async () => {
    const { db, flows, queues, hints, metrics } = engine;
    let leads = true;
    let asked = 0;
    const turns: Leads = {
      hold: () => {
        asked++;
        return Promise.resolve(leads);
      },
      leave: () => Promise.resolve(),
    };
    const log = createLogger({ level: 'silent' });
    const rest = createRest(db);
    const reconciler = createReconciler({ ...flows, db, queues, hints, metrics, log, leads: turns, rest });
    await reconciler.start();
    try {
      await waitFor(() => asked > 0, { describe: 'the first round' });
      leads = false;
      const followsUntil = performance.now() + FOLLOWED_MS;
      const runId = await engine.submit('held');
      const claim = await flows.engine.claim({ ...LOST, runId, nodes: [0], token: randomUUID() });
      assert.ok('claimed' in claim, JSON.stringify(claim));
      await waitFor(() => performance.now() > followsUntil, { describe: 'the time as a follower' });
      leads = true;
      await waitFor(async () => (await engine.node(runId, 'a')).errorCode === 'WORKER_LOST', {
        timeoutMs: SOON_MS,
        describe: 'the node to be taken from the lost worker',
      });
    } finally {
      await reconciler.stop();
    }
  });
});
