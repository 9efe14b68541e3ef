import assert from 'node:assert/strict';
import { createLogger } from '../../platform/log.ts';
import { pauseWorkflow } from '../../sql/queries/workflows.ts';
import {
  createActiveTriggers,
  rememberTriggers,
  type ActiveTriggers,
} from '../../workers/triggers/triggered-workflows.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

describe('triggers that are looked at each second', () => {
  const log = createLogger({ level: 'fatal' });
  let engine: TestEngine;
  let asked = 0;
  let remembered: ActiveTriggers;

  before(async () => {
    engine = await startTestEngine({ workers: 0 });
    const active = createActiveTriggers(log);
    const counted: ActiveTriggers = (db, type) => {
      asked++;
      return active(db, type);
    };
    remembered = rememberTriggers(counted, engine.hints);
    const triggers = [{ type: 'schedule', cron: '0 3 * * *' }];
    await engine.define({ name: 'nightly', nodes: [{ id: 'a', transform: '1' }], triggers });
  });
  after(() => engine.close());

  const names = async (type: 'schedule' | 'nats') =>
    (await remembered(engine.db, type)).map(({ workflowName }) => workflowName);

  it('are read once by each type, whoever asks', async () => {
    assert.deepEqual(await Promise.all([names('schedule'), names('schedule'), names('nats')]), [
      ['nightly'],
      ['nightly'],
      [],
    ]);
    assert.deepEqual(await names('schedule'), ['nightly']);
    assert.equal(asked, 2);
  });

  it('are read again as soon as a workflow has changed', async () => {
    const [nightly] = await remembered(engine.db, 'schedule');
    const workflowId = nightly?.workflowId ?? '';
    await pauseWorkflow(engine.db, workflowId, true, 'test');
    const told = new Promise((resolve) => engine.hints.subscribe('workflow', resolve));
    engine.hints.publish('workflow', { workflowId });
    await told;
    assert.deepEqual(await names('schedule'), []);
  });

  it('are read again after a failure', async () => {
    let calls = 0;
    const recovering: ActiveTriggers = () => (calls++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve([]));
    const again = rememberTriggers(recovering, engine.hints);
    await assert.rejects(again(engine.db, 'nats'), /away/);
    assert.deepEqual(await again(engine.db, 'nats'), []);
  });
});
