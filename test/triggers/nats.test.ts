import assert from 'node:assert/strict';
import { headers, type NatsConnection } from 'nats';
import { sql } from 'slonik';
import { z } from 'zod';
import { createFlows } from '../../flows/flows.ts';
import { createLogger } from '../../platform/log.ts';
import { createNats, type Nats } from '../../platform/nats.ts';
import { createDatabase, type Database } from '../../sql/pool.ts';
import { createNatsTriggers } from '../../workers/triggers/nats-triggers.ts';
import { createActiveTriggers } from '../../workers/triggers/triggered-workflows.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { connectTo, testSubjects } from '../support/nats.ts';
import { needsServer } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { decisionsOf } from './support/decisions.ts';

describe('NATS subjects that start runs', () => {
  const space = testSubjects('triggers');
  const log = createLogger({ level: 'fatal' });
  let engine: TestEngine;
  let client: NatsConnection;
  let nats: Nats[] = [];
  let services: ReturnType<typeof createNatsTriggers>[] = [];

  before(async function () {
    needsServer(this, 'nats');
    engine = await startTestEngine();
    client = await connectTo(space.natsUrl);
    const manager = await client.jetstreamManager();
    await manager.streams.add({ name: space.stream, subjects: [`${space.subjects}.kept.>`] });
    const nodes = [{ id: 'a', transform: 'input.n' }];
    for (const [name, subject] of [
      ['kept', `${space.subjects}.kept.*`],
      ['plain', `${space.subjects}.plain`],
    ] as const) {
      const mapping = { n: '{{ input.data.n }}' };
      await engine.define({ name, nodes, triggers: [{ type: 'nats', subject, mapping }] });
    }
    // two workers, which share the messages
    nats = [createNats(space.natsUrl, log), createNats(space.natsUrl, log)];
    const { db, flows } = engine;
    const parts = { db, submitter: flows.submitter, activeTriggers: createActiveTriggers(log), log };
    services = nats.map((each) => createNatsTriggers({ ...parts, nats: each }));
    for (const service of services) await service.start();
    await waitFor(async () => (await manager.consumers.list(space.stream).next()).length === 1, {
      timeoutMs: 10_000,
      describe: 'the consumer',
    });
  });
  after(async () => {
    if (services.length === 0) return; // skipped
    for (const service of services) await service.stop(1_000);
    for (const each of nats) await each.close();
    await client.close();
    await space.cleanup();
    await engine.close();
  });

  const runsOf = (name: string) =>
    engine.db.any(sql.type(z.object({ input: z.any(), trigger: z.any() }))`
      SELECT input, trigger FROM "WorkflowRun" WHERE "workflowName" = ${name} ORDER BY "createdAt"`);
  const idOf = (name: string) =>
    engine.db.oneFirst(sql.type(z.object({ id: z.string() }))`SELECT id FROM "Workflow" WHERE name = ${name}`);
  const publish = (subject: string, body: unknown, msgId?: string) => {
    const head = headers();
    if (msgId !== undefined) head.set('Nats-Msg-Id', msgId);
    client.publish(`${space.subjects}.${subject}`, JSON.stringify(body), { headers: head });
  };

  it('start one run for each message of a stream, whichever worker gets it, and acknowledge it', async function () {
    for (let n = 1; n <= 20; n += 1) publish('kept.x', { n });
    await waitFor(async () => (await runsOf('kept')).length === 20, { timeoutMs: 10_000, describe: '20 runs' });
    const numbers = (await runsOf('kept')).map(({ input: { n } }) => n as number).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    const manager = await client.jetstreamManager();
    const settled = async () => (await manager.consumers.list(space.stream).next())[0]?.num_ack_pending === 0;
    await waitFor(settled, { timeoutMs: 5_000, describe: 'acknowledgement' });
  });

  it('start nothing for an id that was seen, in a stream and without one', async function () {
    // published past JetStream's own window, as after a restart of the sender: another subject, the same id
    publish('plain', { n: 1 }, 'same');
    publish('plain', { n: 2 }, 'same');
    publish('plain', { n: 3 }, 'other');
    const trigger = `${await idOf('plain')}.nats.0`;
    const decided = async () => (await decisionsOf(engine.db, trigger)).length === 3;
    await waitFor(decided, { timeoutMs: 10_000, describe: 'three decisions' });
    assert.deepEqual([...(await decisionsOf(engine.db, trigger))].sort(), ['duplicate', 'started', 'started']);
    assert.equal((await runsOf('plain')).length, 2);
  });

  it('keep what a workflow refuses as a dead letter, whole, and go on', async function () {
    publish('kept.bad', { other: 'thing' });
    publish('kept.good', { n: 99 });
    await waitFor(async () => (await runsOf('kept')).some(({ input: { n } }) => n === 99), {
      timeoutMs: 10_000,
      describe: 'the good one',
    });
    const letters = () =>
      engine.db.any(sql.type(z.object({ subject: z.any(), message: z.string() }))`
        SELECT subject, message FROM "TriggerDecision" WHERE outcome = 'dead_letter'`);
    await waitFor(async () => (await letters()).length === 1, { timeoutMs: 5_000, describe: 'the dead letter' });
    const [letter] = await letters();
    assert.deepEqual(letter?.subject.data, { other: 'thing' });
    assert.match(letter.message, /input\.data\.n/);
  });
});

describe('NATS messages that come while Postgres is away', () => {
  const space = testSubjects('outage');
  const log = createLogger({ level: 'silent' });
  let engine: TestEngine;
  let client: NatsConnection;
  let wire: Wire;
  let db: Database;
  let nats: Nats;
  let service: ReturnType<typeof createNatsTriggers>;

  before(async function () {
    needsServer(this, 'nats');
    engine = await startTestEngine({ workers: 0 });
    client = await connectTo(space.natsUrl);
    await (await client.jetstreamManager()).streams.add({ name: space.stream, subjects: [`${space.subjects}.kept`] });
    for (const name of ['kept', 'plain'])
      await engine.define({
        name,
        nodes: [{ id: 'a', transform: '1' }],
        triggers: [{ type: 'nats', subject: `${space.subjects}.${name}` }],
      });
    const url = new URL(engine.databaseUrl);
    wire = await layWire(Number(url.port));
    url.port = new URL(wire.url).port;
    db = await createDatabase({ url: url.href, applicationName: 'outage test' });
    nats = createNats(space.natsUrl, log);
    const { submitter } = createFlows({ db, queues: engine.queues, hints: engine.hints, log });
    service = createNatsTriggers({ db, nats, submitter, activeTriggers: createActiveTriggers(log), log });
    await service.start();
    const manager = await client.jetstreamManager();
    await waitFor(async () => (await manager.consumers.list(space.stream).next()).length === 1, {
      describe: 'the consumer',
    });
  });
  after(async () => {
    if (!engine) return; // skipped
    await service.stop(1_000);
    await nats.close();
    await client.close();
    await db.stop();
    await wire.close();
    await space.cleanup();
    await engine.close();
  });

  it('are not lost: each starts its one run when it is back, from a stream and without one', async function () {
    this.timeout(300_000);
    const runs = (name: string) =>
      engine.db.anyFirst(sql.type(z.object({ data: z.number() }))`
        SELECT (input -> 'data')::integer AS data FROM "WorkflowRun" WHERE "workflowName" = ${name} ORDER BY 1`);
    const consumer = async () => {
      const [info] = await (await client.jetstreamManager()).consumers.list(space.stream).next();
      return { redelivered: info?.num_redelivered ?? 0, open: (info?.num_ack_pending ?? 0) + (info?.num_pending ?? 0) };
    };
    wire.cut();
    for (const data of [1, 2, 3])
      for (const name of ['kept', 'plain']) client.publish(`${space.subjects}.${name}`, `${data}`);
    await waitFor(async () => (await consumer()).redelivered > 0, {
      timeoutMs: 20_000,
      describe: 'a message to come again',
    });
    assert.deepEqual([...(await runs('kept')), ...(await runs('plain'))], []);
    wire.mend();
    for (const name of ['kept', 'plain'])
      await waitFor(async () => (await runs(name)).length === 3, {
        timeoutMs: 30_000,
        describe: `the runs of ${name}`,
      });
    await waitFor(async () => (await consumer()).open === 0, { describe: 'acknowledgement' });
    assert.deepEqual(await runs('kept'), [1, 2, 3]);
    assert.deepEqual(await runs('plain'), [1, 2, 3]);
  });
});
