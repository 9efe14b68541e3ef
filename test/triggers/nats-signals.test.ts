import assert from 'node:assert/strict';
import { headers, type NatsConnection } from 'nats';
import { sql } from 'slonik';
import { z } from 'zod';
import { createLogger } from '../../platform/log.ts';
import { createNats, type Nats } from '../../platform/nats.ts';
import { createNatsSignals } from '../../workers/triggers/nats-signals.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { connectTo, testSubjects } from '../support/nats.ts';
import { needsServer } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';

describe('signals by a NATS subject', () => {
  const space = testSubjects('signals');
  const stream = `${space.stream}_SIGNALS`;
  const log = createLogger({ level: 'silent' });
  let engine: TestEngine;
  let client: NatsConnection;
  let nats: Nats[] = [];
  let services: ReturnType<typeof createNatsSignals>[] = [];

  before(async function () {
    this.timeout(300_000);
    needsServer(this, 'nats');
    engine = await startTestEngine();
    client = await connectTo(space.natsUrl);
    nats = [createNats(space.natsUrl, log), createNats(space.natsUrl, log)];
    const subjects = { stream: space.stream, prefix: space.subjects };
    const { control } = engine.flows;
    services = nats.map((each) => createNatsSignals({ nats: each, control, log, subjects }));
    for (const service of services) await service.start();
    await waitFor(async () => (await consumer()).name !== '', { describe: 'the consumer' });
    await engine.define({ name: 'one', nodes: [{ id: 'go', signal: { name: 'go' } }] });
    await engine.define({
      name: 'two',
      nodes: [
        { id: 'first', signal: { name: 'go' } },
        { id: 'second', signal: { name: 'go' }, dependsOn: ['first'] },
      ],
    });
  });
  after(async function () {
    this.timeout(300_000);
    for (const service of services) await service.stop(1_000);
    for (const each of nats) await each.close();
    if (!client) return; // skipped
    await (await client.jetstreamManager()).streams.delete(stream);
    await client.close();
    await engine.close();
  });

  const consumer = async () => (await client.jetstreamManager()).consumers.info(stream, 'commandcenter-signals');
  const send = (runId: string, name: string, payload: string, msgId?: string) => {
    const given = headers();
    if (msgId !== undefined) given.set('Nats-Msg-Id', msgId);
    return client.jetstream().publish(`${space.subjects}.signals.${runId}.${name}`, payload, { headers: given });
  };
  const waits = (runId: string, nodeId: string) =>
    waitFor(async () => (await engine.node(runId, nodeId)).waitingFor === 'signal', { describe: `${nodeId} to wait` });
  const taken = () =>
    waitFor(
      async () => {
        const { num_pending, num_ack_pending } = await consumer();
        return num_pending === 0 && num_ack_pending === 0;
      },
      { describe: 'every message to be acknowledged' },
    );

  it('reach the node that waits, and the one that will', async function () {
    this.timeout(300_000);
    const waiting = await engine.submit('one');
    await waits(waiting, 'go');
    await send(waiting, 'go', '{"who": "ann"}');
    assert.equal((await engine.ended(waiting)).status, 'SUCCESS');
    assert.deepEqual((await engine.node(waiting, 'go')).output, { who: 'ann' });

    const two = await engine.submit('two');
    await waits(two, 'first');
    await send(two, 'go', 'plain text');
    await send(two, 'go', '2');
    assert.equal((await engine.ended(two)).status, 'SUCCESS');
    assert.deepEqual(
      [(await engine.node(two, 'first')).output, (await engine.node(two, 'second')).output],
      ['plain text', 2],
    );
  });

  it('count once for the same message, also where another stream brings it again', async () => {
    const runId = await engine.submit('two');
    await waits(runId, 'first');
    await send(runId, 'go', '1', 'm-1');
    await waits(runId, 'second');
    // what JetStream would deliver after its own window
    const again = { runId, name: 'go', payload: 1, by: 'nats', messageId: 'm-1' };
    assert.deepEqual(await engine.flows.control.signal(again), { delivered: false, duplicate: true });
    await send(runId, 'go', '1', 'm-1');
    await taken();
    assert.equal((await engine.node(runId, 'second')).waitingFor, 'signal');
    await send(runId, 'go', '2', 'm-2');
    assert.equal((await engine.ended(runId)).status, 'SUCCESS');
  });

  it('are acknowledged when they are committed, and not before', async () => {
    const runId = await engine.submit('one');
    await waits(runId, 'go');
    await engine.db.transaction(async (transaction) => {
      await transaction.query(sql.type(z.object({}))`SELECT FROM "WorkflowRun" WHERE id = ${runId} FOR UPDATE`);
      await send(runId, 'go', '1');
      await waitFor(async () => (await consumer()).num_ack_pending === 1, { describe: 'the message to be under way' });
    });
    await taken();
    assert.equal((await engine.ended(runId)).status, 'SUCCESS');
  });

  it('are dropped where they can never arrive, and hold up no others', async () => {
    const runId = await engine.submit('one');
    await waits(runId, 'go');
    await send('00000000-0000-4000-8000-000000000000', 'go', '1');
    await send('nonsense', 'go', '1');
    await send(runId, 'not a name'.replaceAll(' ', '.'), '1');
    await send(runId, 'go', '1');
    assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    await send(runId, 'go', '1');
    await taken();
  });
});
