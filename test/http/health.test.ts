import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { createApi, type HttpRoom } from '../../api/app.ts';
import { createFlows } from '../../flows/flows.ts';
import { loadConfig } from '../../platform/config.ts';
import { createHints, type Hints } from '../../platform/hints.ts';
import { createLogger } from '../../platform/log.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createNats, type Nats } from '../../platform/nats.ts';
import { createQueueBackend, type QueueBackend } from '../../platform/queues.ts';
import type { ResolvedServices } from '../../platform/services.ts';
import { findBinary, findPostgres, programFolders } from '../../platform/services/binaries.ts';
import { migrate } from '../../sql/migrate.ts';
import { createDatabase, createHeartbeatDatabase, type Database } from '../../sql/pool.ts';
import { createMachine, type Machine } from '../platform/local-services.ts';
import { waitFor } from '../support/wait-for.ts';
import { createClient, type Client } from './support/client.ts';

const log = createLogger({ level: 'fatal' });

describe('health while servers hang', () => {
  let machine: Machine;
  let services: ResolvedServices;
  let db: Database;
  let healthDb: Database;
  let queues: QueueBackend;
  let hints: Hints;
  let nats: Nats;
  let room: HttpRoom;
  let client: Client;

  before(async function () {
    this.timeout(300_000);
    const folders = await programFolders(process.env.PATH ?? '');
    const servers = await Promise.all([
      findBinary(['redis-server', 'valkey-server'], folders),
      findBinary(['nats-server'], folders),
    ]);
    // needs a Redis, a NATS and a Postgres of its own to stop
    if (servers.includes(undefined) || (await findPostgres({ folders, npm: true })).length === 0) this.skip();
    machine = await createMachine();
    services = await machine.resolve();
    await migrate(services.databaseUrl);
    db = await createDatabase({ url: services.databaseUrl, applicationName: 'test', statementTimeoutMs: 3_000 });
    healthDb = await createHeartbeatDatabase({ url: services.databaseUrl, applicationName: 'test' });
    queues = await createQueueBackend(services.queue, log);
    hints = createHints(services.queue, log);
    nats = createNats(services.natsUrl ?? '', log);
    const { submitter, control } = createFlows({ db, queues, hints, log });
    const metrics = createMetrics({ roles: ['api'] });
    room = createApi({
      config: loadConfig({ PORT: '0' }),
      db,
      healthDb,
      queues,
      hints,
      nats,
      submitter,
      control,
      metrics,
      log,
    });
    await room.service.start();
    client = createClient(`http://127.0.0.1:${String(room.address().port)}`);
  });

  after(async function () {
    if (!machine) return;
    await room.service.stop(2_000);
    await hints.close();
    await queues.close();
    await nats.close();
    await Promise.all([db.stop(), healthDb.stop()]);
    await machine.stop(services);
    await machine.cleanup();
  });

  async function postgresPids(): Promise<number[]> {
    const pids = await db.anyFirst(
      sql.type(z.object({ pid: z.number() }))`SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'`,
    );
    return [await machine.pidOf('postgres'), ...pids];
  }

  async function stopped(pids: readonly number[], work: () => Promise<void>): Promise<void> {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      await work();
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  }

  async function timed(path: string) {
    const start = performance.now();
    const answer = await client.get(path);
    return { ...answer, ms: performance.now() - start };
  }

  const connected = (path: string) =>
    waitFor(async () => (await client.get(path)).status === 200, {
      timeoutMs: 10_000,
      describe: `${path} to be connected again`,
    });

  /** A server with several threads answers for a moment after it was told to stand still. */
  const disconnected = (path: string) =>
    waitFor(async () => (await client.get(path)).status === 503, { describe: `${path} to be disconnected` });

  it('says connected while all is well', async () => {
    for (const path of ['/health/db', '/health/redis', '/health/nats']) {
      assert.deepEqual((await client.get(path)).body, { status: 'connected' }, path);
    }
    const { status, body } = await client.get('/health/ready');
    assert.equal(status, 200);
    assert.equal(body.status, 'ready');
  });

  it('says disconnected within 2 s when Postgres hangs, refuses with 503, and is well again within 10 s', async function () {
    await stopped(await postgresPids(), async () => {
      await disconnected('/health/db');
      for (const path of ['/health/db', '/health/ready']) {
        const { status, ms, text } = await timed(path);
        assert.equal(status, 503, text);
        assert.ok(ms < 2_000, `${path} took ${ms.toFixed(0)} ms`);
      }
      assert.equal((await timed('/health')).status, 200);
      const { status, headers } = await client.get('/api/workflows');
      assert.equal(status, 503);
      assert.equal(headers.get('retry-after'), '1');
      const scrape = await timed('/metrics');
      assert.equal(scrape.status, 200);
      assert.ok(scrape.ms < 2_000);
    });
    await connected('/health/db');
    await waitFor(async () => (await client.get('/api/workflows')).status === 200, {
      describe: 'the API to answer again',
    });
  });

  for (const name of ['redis', 'nats'] as const) {
    it(`says so within 2 s when ${name} hangs, stays ready, and is well again within 10 s`, async function () {
      await stopped([await machine.pidOf(name)], async () => {
        await disconnected(`/health/${name}`);
        const { status, body, ms } = await timed(`/health/${name}`);
        assert.equal(status, 503);
        assert.equal(body.status, 'disconnected');
        assert.equal(typeof body.error, 'string');
        assert.ok(ms < 2_000, `${ms.toFixed(0)} ms`);
        const ready = await timed('/health/ready');
        assert.equal(ready.status, 200);
        assert.equal(ready.body.status, 'degraded');
        assert.equal(ready.body.parts[name].status, 'failed');
      });
      await connected(`/health/${name}`);
    });
  }
});
