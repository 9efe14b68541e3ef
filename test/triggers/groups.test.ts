import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { startRoom, type TestRoom } from '../http/support/room.ts';
import { waitFor } from '../support/wait-for.ts';

const GROUPING = { groupBy: ['cluster'], groupWindowSeconds: 0.1 };

function alert(alertname: string, labels: Record<string, string>, status = 'firing') {
  return { status, labels: { alertname, ...labels }, startsAt: '2030-01-01T00:00:00Z' };
}

describe('the run of a group of alerts', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom({ agents: { notifier: (input) => input } });
    const gone = [{ id: 'gone', awaitResolved: { timeoutSeconds: 60 } }];
    const nodes = [{ id: 'count', transform: 'size(input.alerts)' }];
    for (const workflow of [
      { name: 'all', nodes: gone, triggers: [on('All')] },
      { name: 'first', nodes: gone, triggers: [{ ...on('First'), resolvedWhen: 'first' }] },
      { name: 'tight', nodes, triggers: [on('Tight')], budget: { runs: 1, windowSeconds: 3600, per: ['cluster'] } },
      { name: 'nervous', nodes, triggers: [on('Nervous')], budget: { runs: 100, windowSeconds: 3600 } },
      {
        name: 'quiet',
        nodes: gone,
        triggers: [
          { ...on('Quiet'), matchers: ['alertname="Quiet"', 'team=~"core|infra"', 'stage!="test"'], silence: true },
        ],
      },
    ])
      assert.equal((await room.post('/api/workflows', workflow)).status, 201, workflow.name);
  });
  after(() => room.close());

  function on(alertname: string) {
    return { type: 'alertmanager', matchers: [`alertname="${alertname}"`], ...GROUPING };
  }

  const send = (...alerts: object[]) => room.post('/api/webhooks/alertmanager', { version: '4', alerts });
  const runs = (name: string) =>
    room.engine.db.any(sql.type(z.object({ id: z.string(), status: z.string(), trigger: z.any() }))`
      SELECT id, status, trigger FROM "WorkflowRun" WHERE "workflowName" = ${name} ORDER BY "createdAt"`);

  /** Sends alerts and waits for their group's run, the n-th of its workflow. */
  async function runOf(name: string, n: number, ...alerts: object[]): Promise<string> {
    assert.equal((await send(...alerts)).status, 202);
    await waitFor(async () => (await runs(name)).length === n, { describe: `run ${n} of ${name}` });
    return (await runs(name))[n - 1]?.id ?? '';
  }

  async function awaitsResolved(runId: string): Promise<void> {
    const waits = async () => (await room.engine.node(runId, 'gone')).waitingFor === 'resolved';
    await waitFor(waits, { describe: 'awaitResolved' });
  }

  it('goes on when all of its alerts are resolved, and no sooner', async function () {
    const hosts = ['a', 'b'].map((host) => ({ cluster: 'x', host }));
    const runId = await runOf('all', 1, ...hosts.map((labels) => alert('All', labels)));
    await awaitsResolved(runId);
    await send(alert('All', hosts[0] ?? {}, 'resolved'));
    // 'first' has its run settled in a later round than the one that has looked at this run
    const other = await runOf('first', 1, alert('First', { cluster: 'y' }));
    await awaitsResolved(other);
    await send(alert('First', { cluster: 'y' }, 'resolved'));
    await room.engine.ended(other);
    assert.equal((await room.engine.run(runId)).status, 'RUNNING');
    await send(alert('All', hosts[1] ?? {}, 'resolved'));
    assert.equal((await room.engine.ended(runId)).status, 'SUCCESS');
    const { body } = await room.get('/api/workflows/all/alert-statistics');
    assert.deepEqual([body.runs, body.fixed, body.fixRate], [1, 1, 1]);
  });

  it('goes on with the first that is resolved, where its trigger says so', async function () {
    const alerts = ['a', 'b'].map((host) => alert('First', { cluster: 'z', host }));
    const runId = await runOf('first', 2, ...alerts);
    await awaitsResolved(runId);
    await send({ ...alerts[1], status: 'resolved' });
    const { status, output } = await room.engine.ended(runId);
    assert.equal(status, 'SUCCESS');
    assert.equal(output.gone.labels.host, 'b');
  });

  it('counts against the budget of what its alerts have in common', async function () {
    const first = await runOf('tight', 1, alert('Tight', { cluster: 'x', host: 'a' }));
    const second = await runOf('tight', 2, alert('Tight', { cluster: 'x', host: 'b' }));
    const other = await runOf('tight', 3, alert('Tight', { cluster: 'y', host: 'a' }));
    assert.equal((await room.engine.ended(first)).status, 'SUCCESS');
    assert.equal((await room.engine.ended(other)).status, 'SUCCESS');
    const { message } = await heldRun('tight', second);
    assert.equal(message, 'Over budget: run 2 for cluster=x within 3600 s, where 1 are allowed');
    const [{ id }] = (await room.get('/api/triggers?workflow=tight')).body;
    const decisions = (await room.get(`/api/triggers/${id}/decisions?outcome=started`)).body;
    const held = decisions.find(({ workflowRunId }: { workflowRunId: string }) => workflowRunId === second);
    assert.equal(held.message, `Waits for an approval. ${message}`);
  });

  it('waits for an approval when one of its alerts flaps', async function () {
    const began = (minute: number) => new Date(Date.now() - minute * 60_000).toISOString();
    const alerts = [1, 2, 3, 4, 5].map((minute) => ({
      ...alert('Nervous', { cluster: 'x' }),
      startsAt: began(minute),
    }));
    const runId = await runOf('nervous', 1, ...alerts);
    const { message } = await heldRun('nervous', runId);
    assert.equal(message, 'The alert is flapping: it began 5 times within 3600 s');
  });

  it('silences what its alerts have in common and its trigger asks for', async function () {
    const runId = await runOf(
      'quiet',
      1,
      alert('Quiet', { cluster: 'x', team: 'core', host: 'a' }),
      alert('Quiet', { cluster: 'x', team: 'infra', host: 'b' }),
    );
    const [run] = await runs('quiet');
    const matchers = run?.trigger.silence as { name: string }[];
    assert.deepEqual(
      matchers.sort((a, b) => a.name.localeCompare(b.name)),
      [
        { name: 'alertname', value: 'Quiet', isRegex: false, isEqual: true },
        { name: 'cluster', value: 'x', isRegex: false, isEqual: true },
        { name: 'stage', value: 'test', isRegex: false, isEqual: false },
        { name: 'team', value: 'core|infra', isRegex: true, isEqual: true },
      ],
    );
    await room.engine.flows.control.cancel(runId, 'test');
  });

  /** Approves the run that is held. @returns its approval */
  async function heldRun(workflow: string, runId: string): Promise<{ message: string }> {
    const pending = async () => (await room.get(`/api/approvals?status=PENDING&workflowRunId=${runId}`)).body[0];
    const approval = await waitFor(pending, { describe: 'the approval' });
    const { body } = await room.get(`/api/workflows/${workflow}/runs/${runId}`);
    assert.equal(body.status, 'WAITING_APPROVAL');
    await room.post(`/api/approvals/${approval.id}/decision`, { decision: 'APPROVED', respondedBy: 'me' });
    assert.equal((await room.engine.ended(runId)).status, 'SUCCESS');
    return approval;
  }
});
