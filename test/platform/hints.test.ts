import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { JsonObject } from '../../contracts/json.ts';
import { createHints, type Hints } from '../../platform/hints.ts';
import { createLogger } from '../../platform/log.ts';
import type { QueueSettings } from '../../platform/queues.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { linkToQueues } from '../support/queue-link.ts';
import { testPrefix } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger({ level: 'silent' });

interface Ground {
  settings: QueueSettings;
  /** Cuts every connection of the hints on the server's side. */
  cut(): Promise<void>;
  cleanup(): Promise<void>;
}

const GROUNDS: Record<QueueSettings['kind'], () => Promise<Ground>> = {
  redis: () => {
    const { redisUrl, prefix, cleanup } = testPrefix('hints');
    const url = `${redisUrl}/?connectionName=${prefix}`;
    const cut = async (): Promise<void> => {
      const admin = new Redis(redisUrl);
      const clients = String(await admin.client('LIST'))
        .split('\n')
        .filter((line) => line.includes(`name=${prefix}`));
      for (const line of clients) await admin.client('KILL', 'ID', /id=(\d+)/.exec(line)?.[1] ?? '0');
      admin.disconnect();
      assert.ok(clients.length > 0);
    };
    return Promise.resolve({ settings: { kind: 'redis', url, prefix }, cut, cleanup });
  },
  postgres: async () => {
    const { url, drop } = await createEmptyDatabase();
    const cut = async (): Promise<void> => {
      const admin = new pg.Client(url);
      await admin.connect();
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await admin.end();
    };
    return { settings: { kind: 'postgres', databaseUrl: url }, cut, cleanup: drop };
  },
};

/** Publishes until a subscriber of another process hears: hints may be lost, so it is said again. */
async function untilHeard(from: Hints, heard: JsonObject[]): Promise<void> {
  const before = heard.length;
  await waitFor(
    () => {
      from.publish('cancel', { runId: 'r1' });
      return heard.length > before;
    },
    { timeoutMs: 30_000, describe: 'a hint from the other process' },
  );
}

for (const [kind, prepare] of Object.entries(GROUNDS)) {
  describe(`hints over ${kind}`, function () {
    this.timeout(60_000);
    let ground: Ground;
    let here: Hints;
    let there: Hints;

    beforeEach(async () => {
      ground = await prepare();
      here = createHints(ground.settings, log);
      there = createHints(ground.settings, log);
    });
    afterEach(async () => {
      await Promise.all([here.close(), there.close()]);
      await ground.cleanup();
    });

    it('reach other processes, and one’s own exactly once', async () => {
      const mine: JsonObject[] = [];
      const theirs: JsonObject[] = [];
      there.subscribe('cancel', (payload) => theirs.push(payload));
      await untilHeard(here, theirs);
      here.subscribe('ready', (payload) => mine.push(payload));
      there.subscribe('ready', (payload) => theirs.push(payload));
      here.publish('ready', { runId: 'r2' });
      await waitFor(() => theirs.some(({ runId }) => runId === 'r2'), { describe: 'the hint over there' });
      assert.deepEqual(mine, [{ runId: 'r2' }]);
    });

    it('arrive in order, also hundreds from one turn', async () => {
      const theirs: JsonObject[] = [];
      there.subscribe('cancel', (payload) => theirs.push(payload));
      await untilHeard(here, theirs);
      const numbers: unknown[] = [];
      there.subscribe('ready', ({ n }) => numbers.push(n));
      for (let n = 0; n < 500; n += 1) here.publish('ready', { n, filler: 'x'.repeat(40) });
      await waitFor(() => numbers.length === 500, { describe: 'all hints' });
      assert.deepEqual(numbers, [...Array(500).keys()]);
    });

    it('come back by themselves after the connections were cut', async () => {
      const theirs: JsonObject[] = [];
      there.subscribe('cancel', (payload) => theirs.push(payload));
      await untilHeard(here, theirs);
      await ground.cut();
      await untilHeard(here, theirs);
    });

    it('come back by themselves after the connections were lost and nobody was told', async () => {
      const { link, settings } = await linkToQueues(ground.settings);
      const far = createHints(settings, log);
      const theirs: JsonObject[] = [];
      far.subscribe('cancel', (payload) => theirs.push(payload));
      await untilHeard(here, theirs);
      link.lose();
      await untilHeard(here, theirs);
      await far.close();
      await link.close();
    });

    it('stop for a listener that unsubscribed', async () => {
      const first: JsonObject[] = [];
      const second: JsonObject[] = [];
      const unsubscribe = there.subscribe('cancel', (payload) => first.push(payload));
      there.subscribe('cancel', (payload) => second.push(payload));
      await untilHeard(here, first);
      unsubscribe();
      const count = first.length;
      await untilHeard(here, second);
      assert.equal(first.length, count);
    });
  });
}

describe('hints without a server', () => {
  for (const settings of [
    { kind: 'redis', url: 'redis://127.0.0.1:1' },
    { kind: 'postgres', databaseUrl: 'postgres://nobody@127.0.0.1:1/none' },
  ] as const) {
    it(`still arrive within the process, and never throw (${settings.kind})`, async () => {
      const hints = createHints(settings, log);
      const heard: JsonObject[] = [];
      hints.subscribe('cancel', () => {
        throw new Error('a listener breaks');
      });
      hints.subscribe('cancel', (payload) => heard.push(payload));
      hints.publish('cancel', { runId: 'r1' });
      assert.deepEqual(heard, [], 'not before the turn ends');
      await waitFor(() => heard.length === 1, { describe: 'the hint' });
      await hints.close();
    });
  }
});
