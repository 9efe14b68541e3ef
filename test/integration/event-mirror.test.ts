import assert from 'node:assert/strict';
import type { JetStreamManager, NatsConnection } from 'nats';
import { createLogger } from '../../platform/log.ts';
import { createNats, type Nats } from '../../platform/nats.ts';
import type { LedLoop } from '../../workers/leader.ts';
import { createLeads } from '../../workers/leads.ts';
import { createEventPublisher } from '../../workers/publish-events.ts';
import { createRest } from '../../workers/rest.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { connectTo, testSubjects } from '../support/nats.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger({ level: 'silent' });

describe('the mirror of events in JetStream', () => {
  const space = testSubjects();
  let engine: TestEngine;
  let nats: Nats;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  const publishers: LedLoop[] = [];

  before(async () => {
    engine = await startTestEngine();
    await engine.define({ name: 'one', nodes: [{ id: 'a', transform: '1' }] });
    nats = createNats(space.natsUrl, log);
    connection = await connectTo(space.natsUrl);
    manager = await connection.jetstreamManager();
  });
  afterEach(() => Promise.all(publishers.splice(0).map((publisher) => publisher.stop())));
  after(async () => {
    await nats.close();
    await connection.close();
    await space.cleanup();
    await engine.close();
  });

  const where = () => ({ stream: space.stream, prefix: space.subjects });
  const startPublisher = async (holder: string): Promise<void> => {
    const { db, hints } = engine;
    const leads = createLeads(db, holder);
    const publisher = createEventPublisher({ db, nats, hints, log, leads, rest: createRest(db), ...where() });
    publishers.push(publisher);
    await publisher.start();
  };
  const runOnce = async (): Promise<string> => {
    const runId = await engine.submit('one');
    await engine.ended(runId);
    return runId;
  };
  /** The numbers of a run's events in the stream, in the order of the stream. */
  const mirrored = async (runId: string): Promise<number[]> => {
    const { state } = await manager.streams.info(space.stream);
    const all = Array.from({ length: state.last_seq }, (_, index) =>
      manager.streams.getMessage(space.stream, { seq: index + 1 }),
    );
    const events = (await Promise.all(all)).map((message) => message.json<{ id: string }>().id);
    return events.filter((id) => id.startsWith(runId)).map((id) => Number(id.split(':').at(-1)));
  };
  const holdsAll = async (runId: string): Promise<void> => {
    const wanted = (await engine.events(runId)).map(({ sequence }) => sequence);
    await waitFor(async () => (await mirrored(runId)).length >= wanted.length, { describe: `the events of ${runId}` });
    assert.deepEqual(await mirrored(runId), wanted);
  };

  it('has every event of a run, once and in order', async () => {
    await startPublisher('first');
    await holdsAll(await runOnce());
  });

  it('is whole and in order also where some of the events were stored without having been marked, and strangers publish too', async () => {
    const runIds = [await runOnce(), await runOnce(), await runOnce()];
    const [, second] = runIds;
    await nats.publishJetStream(
      `${space.subjects}.runs.one.${second}.run.created`,
      JSON.stringify({ id: `${second}:1` }),
      {
        msgId: `${second}:1`,
      },
    );
    await nats.publishJetStream(`${space.subjects}.runs.stranger`, JSON.stringify({ id: 'x' }), { msgId: 'x' });
    await startPublisher('beside others');
    for (const runId of runIds) await holdsAll(runId);
  });

  it('gets every event again when its stream was lost, also when the publisher that made the next one died at once', async () => {
    await startPublisher('second');
    const before = await runOnce();
    await holdsAll(before);
    await Promise.all(publishers.splice(0).map((publisher) => publisher.stop()));
    await manager.streams.delete(space.stream);
    await manager.streams.add({ name: space.stream, subjects: [`${space.subjects}.runs.>`] });
    await startPublisher('third');
    await holdsAll(await runOnce());
    await holdsAll(before);
  });

  it('gets every event again also when another stream takes its place under a publisher', async () => {
    await startPublisher('fourth');
    const before = await runOnce();
    await holdsAll(before);
    await manager.streams.delete(space.stream);
    await manager.streams.add({ name: space.stream, subjects: [`${space.subjects}.runs.>`] });
    const after = await runOnce();
    for (const runId of [before, after]) await holdsAll(runId);
  });
});
