import assert from 'node:assert/strict';
import { createLogger } from '../../platform/log.ts';
import { createNats, type Nats } from '../../platform/nats.ts';
import { connectTo, testSubjects, type TestSubjects } from '../support/nats.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger({ level: 'silent' });
const HOUR_MS = 3_600_000;

describe('nats', () => {
  let space: TestSubjects;
  let nats: Nats;

  beforeEach(() => {
    space = testSubjects('adapter');
    nats = createNats(space.natsUrl, log);
  });
  afterEach(async () => {
    await nats.close();
    await space.cleanup();
  });

  const ensure = (duplicateWindowMs = HOUR_MS): Promise<string> =>
    nats.ensureStream({ name: space.stream, subjects: [`${space.subjects}.>`], duplicateWindowMs });

  it('stores a message once, however often it is published with the same id', async () => {
    await ensure();
    const publish = () =>
      nats.publishJetStream(`${space.subjects}.a`, '{}', { msgId: 'run:1', headers: { 'X-Run': 'run' } });
    assert.deepEqual(await publish(), { sequence: 1, duplicate: false });
    assert.deepEqual(await publish(), { sequence: 1, duplicate: true });
  });

  it('refuses a message that is not the next of its subject', async () => {
    await ensure();
    const publish = (msgId: string, expectedLastSubjectSequence: number) =>
      nats.publishJetStream(`${space.subjects}.a`, '{}', { msgId, expectedLastSubjectSequence });
    await publish('1', 0);
    await assert.rejects(publish('2', 0), { code: 'UNAVAILABLE', message: /wrong last sequence/ });
    await publish('2', 1);
  });

  it('makes a stream that is missing, brings one that is there up to date, and tells one from the next', async () => {
    const first = await ensure(60_000);
    assert.equal(await ensure(2 * HOUR_MS), first);
    const connection = await connectTo(space.natsUrl);
    const { config } = await (await connection.jetstreamManager()).streams.info(space.stream);
    assert.equal(config.duplicate_window, 2 * HOUR_MS * 1e6);
    await connection.close();
    await space.cleanup();
    assert.notEqual(await ensure(), first);
  });

  it('says in time that a stream is missing', async () => {
    await assert.rejects(nats.publishJetStream('cctest-no-stream.a', '{}', { msgId: '1', timeoutMs: 500 }), {
      code: 'UNAVAILABLE',
    });
  });

  describe('messages in order', () => {
    const seriesOf = (series: string, ...ids: readonly string[]) =>
      ids.map((msgId) => ({ subject: `${space.subjects}.a`, payload: JSON.stringify({ msgId }), msgId, series }));
    /** Each a series of its own. */
    const messagesOf = (...ids: readonly string[]) => ids.flatMap((msgId) => seriesOf(msgId, msgId));
    /** For the server, but not for a window. */
    const tooLarge = (series: string) => ({
      subject: `${space.subjects}.a`,
      payload: 'x'.repeat(1_100_000),
      msgId: 'large',
      series,
    });

    async function stored(): Promise<string[]> {
      const connection = await connectTo(space.natsUrl);
      const { streams } = await connection.jetstreamManager();
      const { state } = await streams.info(space.stream);
      const ids: string[] = [];
      for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
        ids.push((await streams.getMessage(space.stream, { seq })).json<{ msgId: string }>().msgId);
      }
      await connection.close();
      return ids;
    }

    it('are stored behind each other, also over several windows, and again only where they are missing', async () => {
      await ensure();
      const ids = Array.from({ length: 600 }, (_, index) => `m${String(index)}`);
      assert.deepEqual(await nats.publishInOrder(messagesOf(...ids.slice(0, 3)), 5_000), { count: 3 });
      assert.deepEqual(await nats.publishInOrder(messagesOf(...ids), 5_000), { count: 600 });
      assert.deepEqual(await stored(), ids);
    });

    it('stop before one that is refused, and nothing behind it is stored', async () => {
      await ensure();
      await nats.publishInOrder(messagesOf('m1'), 5_000);
      await nats.publishInOrder(messagesOf('strange'), 5_000);
      // m1 is there already, but it is not the last one: what demands to be behind it is refused
      assert.deepEqual(await nats.publishInOrder(messagesOf('m1', 'm2', 'm3'), 5_000), {
        count: 1,
        stopped: 'refused',
      });
      const around = [...messagesOf('m4'), tooLarge('large'), ...messagesOf('m5')];
      assert.deepEqual(await nats.publishInOrder(around, 5_000), { count: 1, stopped: 'refused' });
      assert.deepEqual(await stored(), ['m1', 'strange', 'm4']);
    });

    it('of a series are acknowledged by its first and its last, in each window', async () => {
      await ensure();
      const ids = Array.from({ length: 300 }, (_, index) => `a${String(index)}`);
      const list = [...seriesOf('a', ...ids), ...seriesOf('b', 'b1', 'b2', 'b3')];
      assert.deepEqual(await nats.publishInOrder(list, 5_000), { count: 303 });
      assert.deepEqual(await nats.publishInOrder(list, 5_000), { count: 303 });
      assert.deepEqual(await stored(), [...ids, 'b1', 'b2', 'b3']);
    });

    it('of a series that is not stored whole count no further than its first', async () => {
      await ensure();
      for (const [series, stoppedAt, around] of [
        ['middle', 1, [...seriesOf('middle', 'm1', 'm2'), tooLarge('middle'), ...seriesOf('middle', 'm3')]],
        ['last', 1, [...seriesOf('last', 'l1', 'l2'), tooLarge('last')]],
        ['first', 0, [tooLarge('first'), ...seriesOf('first', 'f1', 'f2')]],
      ] as const) {
        const list = [...seriesOf(`before ${series}`, `${series}1`, `${series}2`), ...around, ...messagesOf('behind')];
        assert.deepEqual(await nats.publishInOrder(list, 5_000), { count: 2 + stoppedAt, stopped: 'refused' });
      }
      assert.deepEqual(await stored(), [
        'middle1',
        'middle2',
        'm1',
        'm2',
        'last1',
        'last2',
        'l1',
        'l2',
        'first1',
        'first2',
      ]);
    });

    it('that are missing are not taken for stored because a later series, or the last of theirs, is there', async () => {
      await ensure();
      await nats.publishInOrder(seriesOf('b', 'b1', 'b2'), 5_000);
      await nats.publishInOrder(seriesOf('a', 'a3'), 5_000);
      await nats.publishInOrder(messagesOf('x'), 5_000);
      const other = createNats(space.natsUrl, log);
      try {
        await other.publishInOrder(messagesOf('other'), 5_000);
        const list = [...seriesOf('a', 'a1', 'a2', 'a3'), ...seriesOf('b', 'b1', 'b2')];
        assert.deepEqual(await nats.publishInOrder(list, 5_000), { count: 0, stopped: 'overtaken' });
        const behind = [...seriesOf('b', 'b1', 'b2'), ...seriesOf('c', 'c1'), ...seriesOf('b', 'b1', 'b2')];
        assert.deepEqual(await nats.publishInOrder(behind, 5_000), { count: 2, stopped: 'refused' });
      } finally {
        await other.close();
      }
    });

    it('are not stored where there is no stream, which is no refusal of one', async () => {
      assert.deepEqual(await nats.publishInOrder(messagesOf('m1', 'm2'), 5_000), { count: 0, stopped: 'silent' });
    });

    it('are not stored behind those of another publisher, nor in another stream, without a second look', async () => {
      await ensure();
      const other = createNats(space.natsUrl, log);
      try {
        await nats.publishInOrder(messagesOf('m1'), 5_000);
        await other.publishInOrder(messagesOf('other'), 5_000);
        assert.deepEqual(await nats.publishInOrder(messagesOf('m2'), 5_000), { count: 0, stopped: 'overtaken' });
        assert.deepEqual(await nats.publishInOrder(messagesOf('m2'), 5_000), { count: 1 });
        await space.cleanup();
        await ensure();
        assert.deepEqual(await nats.publishInOrder(messagesOf('m3'), 5_000), { count: 0, stopped: 'overtaken' });
        assert.deepEqual(await stored(), []);
      } finally {
        await other.close();
      }
    });

    it('of two lists at a time do not get into each other', async () => {
      await ensure();
      const lists = [messagesOf('a1', 'a2', 'a3'), messagesOf('b1', 'b2', 'b3')];
      const outcomes = await Promise.all(lists.map((list) => nats.publishInOrder(list, 5_000)));
      assert.ok(outcomes.every(({ count }) => count === 3));
      assert.deepEqual(await stored(), ['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
    });
  });

  it('hears plain messages with their headers until it unsubscribes', async () => {
    const heard: string[] = [];
    const unsubscribe = nats.subscribe(`${space.subjects}.*`, (message) => {
      heard.push(`${message.subject} ${message.text()} ${message.header('nats-msg-id') ?? '-'}`);
    });
    await ensure();
    await nats.ping(1_000);
    await nats.publishJetStream(`${space.subjects}.b`, 'hello', { msgId: 'm1' });
    await waitFor(() => heard.length > 0, { describe: 'the message' });
    assert.deepEqual(heard, [`${space.subjects}.b hello m1`]);
    unsubscribe();
    await nats.publishJetStream(`${space.subjects}.b`, 'again', { msgId: 'm2' });
    await nats.ping(1_000);
    assert.equal(heard.length, 1);
  });

  it('delivers a message of a durable subscription again when the handler fails, also to the next process', async () => {
    await ensure();
    const settings = { stream: space.stream, durable: 'triggers', subject: `${space.subjects}.t` };
    let calls = 0;
    const stop = nats.subscribeDurable(settings, () => {
      calls += 1;
      throw new Error('no database');
    });
    await waitFor(
      async () => {
        await nats.publishJetStream(`${space.subjects}.t`, 'x', { msgId: String(performance.now()) });
        return calls > 0;
      },
      { describe: 'the first delivery', intervalMs: 200 },
    );
    stop();
    const heard: string[] = [];
    const stopAgain = nats.subscribeDurable(settings, (message) => void heard.push(message.text()));
    await waitFor(() => heard.includes('x'), { describe: 'the message again' });
    stopAgain();
  });

  it('goes on with a durable subscription when its stream was deleted and made again', async () => {
    await ensure();
    const heard: string[] = [];
    const settings = { stream: space.stream, durable: 'survivor' };
    const stop = nats.subscribeDurable(settings, (message) => void heard.push(message.text()));
    const say = (text: string): Promise<unknown> =>
      waitFor(
        async () => {
          await nats.publishJetStream(`${space.subjects}.t`, text, { msgId: `${text}${String(performance.now())}` });
          return heard.includes(text);
        },
        { describe: text, intervalMs: 200 },
      );
    await say('before');
    await space.cleanup();
    await ensure();
    await say('after');
    stop();
  });
});

describe('nats that is away', () => {
  it('is waited for no longer than asked, and closes at once', async () => {
    const nats = createNats('nats://127.0.0.1:1', log);
    nats.subscribe('x', () => undefined);
    const stop = nats.subscribeDurable({ stream: 'S', durable: 'd' }, () => undefined);
    const start = performance.now();
    await assert.rejects(nats.ping(200), { code: 'UNAVAILABLE' });
    await assert.rejects(nats.publishJetStream('x', '{}', { msgId: '1', timeoutMs: 200 }), { code: 'UNAVAILABLE' });
    stop();
    await nats.close(200);
    assert.ok(performance.now() - start < 10_000);
  });
});
