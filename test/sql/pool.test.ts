import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { sql } from 'slonik';
import { z } from 'zod';
import { isConnectionFailure } from '../../sql/errors.ts';
import { createDatabase, createHeartbeatDatabase, type Database } from '../../sql/pool.ts';
import { testServices } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';

const one = sql.type(z.object({ n: z.number() }))`SELECT 1 AS n`;
const sleep = sql.unsafe`SELECT pg_sleep(5)`;

describe('the connection pool', () => {
  const open: Database[] = [];
  const database = async (parameters = '', options = {}): Promise<Database> => {
    const url = testServices().databaseUrl + parameters;
    const db = await createDatabase({ url, applicationName: 'pool test', ...options });
    open.push(db);
    return db;
  };

  afterEach(async () => {
    await Promise.all(open.splice(0).map((db) => db.stop()));
  });

  it('gives columns the types that the code works with', async () => {
    const db = await database();
    const row = await db.one(sql.unsafe`
      SELECT 12::int8 AS small, 9007199254740993::int8 AS large, array[1, null]::int8[] AS list, 1.5::numeric AS ratio,
             '2026-01-02T03:04:05Z'::timestamptz AS at, '2026-01-02'::date AS day, '{"a":[1]}'::jsonb AS json`);
    assert.deepEqual(row, {
      small: 12,
      large: 9_007_199_254_740_993n,
      list: [1, null],
      ratio: 1.5,
      at: new Date('2026-01-02T03:04:05Z'),
      day: '2026-01-02',
      json: { a: [1] },
    });
  });

  it('refuses a row that does not fit its schema, naming the column', async () => {
    const db = await database();
    await assert.rejects(db.one(sql.type(z.object({ n: z.string() }))`SELECT 1 AS n`), /do not conform.* n: .*string/);
  });

  it('opens no more connections than connection_limit says', async () => {
    const db = await database('?connection_limit=2&pool_timeout=5');
    const queries = Array.from({ length: 6 }, () => db.one(sql.unsafe`SELECT pg_sleep(0.02)`));
    await waitFor(() => db.statistics().waiting === 4, { describe: 'four callers to wait' });
    await Promise.all(queries);
    assert.deepEqual(db.statistics(), { total: 2, idle: 2, waiting: 0 });
  });

  it('gives up after pool_timeout seconds and never runs the statement', async () => {
    const db = await database('?connection_limit=1&pool_timeout=1', { statementTimeoutMs: 1500 });
    const busy = db.any(sleep).catch(() => undefined);
    await assert.rejects(db.any(one), { code: 'DATABASE_UNAVAILABLE', message: /within 1 s .*connection_limit/ });
    assert.equal(db.statistics().waiting, 0);
    await busy;
  });

  it('uses a connection again after a statement failed', async () => {
    const db = await database('?connection_limit=1');
    await assert.rejects(db.any(sql.unsafe`SELECT 1 / 0`), /division by zero/);
    assert.deepEqual(await db.one(one), { n: 1 });
  });

  it('prepares each distinct statement once on a connection', async () => {
    const db = await database('?connection_limit=1');
    const read = sql.unsafe`SELECT * FROM pool_test`;
    await db.connect(async (connection) => {
      await connection.query(sql.unsafe`CREATE TEMPORARY TABLE pool_test AS SELECT 1 AS a`);
      assert.deepEqual(await connection.one(read), { a: 1 });
      const { rows } = await connection.query(sql.unsafe`SELECT count(*) AS n FROM pg_prepared_statements`);
      assert.ok((rows[0] as { n: number }).n >= 2);
    });
  });

  it('prepares nothing behind a pooler', async () => {
    const db = await database('?pgbouncer=true&connection_limit=1');
    assert.equal(await db.oneFirst(sql.unsafe`SELECT count(*) FROM pg_prepared_statements`), 0);
  });

  it('ends a transaction that its owner forgot, and says the database is unavailable', async () => {
    const db = await database('', { idleInTransactionTimeoutMs: 200 });
    const forgotten = db.transaction(async (transaction) => {
      await transaction.one(one);
      await waitFor(
        () =>
          transaction.one(one).then(
            () => false,
            () => true,
          ),
        { describe: 'the server to hang up', intervalMs: 400 },
      );
      await transaction.one(one);
    });
    await assert.rejects(forgotten, isConnectionFailure);
    assert.deepEqual(await db.one(one), { n: 1 });
  });

  it('says within the connect timeout that Postgres is away', async () => {
    const db = await createDatabase({ url: 'postgres://x@127.0.0.1:1/x', applicationName: 'pool test' });
    open.push(db);
    await assert.rejects(db.any(one), { code: 'DATABASE_UNAVAILABLE' });
  });

  it('has two connections for heartbeats, whatever the URL allows the main pool', async () => {
    const url = `${testServices().databaseUrl}?connection_limit=50`;
    const db = await createHeartbeatDatabase({ url, applicationName: 'pool test' });
    open.push(db);
    await Promise.all(Array.from({ length: 5 }, () => db.any(one)));
    assert.equal(db.statistics().total, 2);
  });

  it('refuses a parameter that is no number', async () => {
    await assert.rejects(database('?connection_limit=many'), {
      code: 'INVALID_INPUT',
      message: /connection_limit=many/,
    });
  });
});

describe('the connection pool and a server that accepts and never answers', () => {
  let server: Server;
  before((done) => void (server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1', done)));
  after((done) => void server.close(done));

  it('gives up after the connect timeout', async () => {
    const { port } = server.address() as AddressInfo;
    const db = await createDatabase({
      url: `postgres://x@127.0.0.1:${String(port)}/x`,
      applicationName: 'pool test',
      connectTimeoutMs: 200,
    });
    await assert.rejects(db.any(one), { code: 'DATABASE_UNAVAILABLE' });
    await db.stop();
  });
});
