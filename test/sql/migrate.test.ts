import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import {
  assertMigrated,
  migrate,
  migrateDown,
  migrationStatus,
  prepareDatabase,
  resetDatabase,
} from '../../sql/migrate.ts';
import { withClient } from '../../sql/migration-ledger.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const LOCK_KEY = 7_241_865_325;

describe('migrations', () => {
  let folder: string;
  let url: string;
  let drop: () => Promise<void>;

  const write = (name: string, up: string, down?: string): Promise<void> =>
    writeFile(
      join(folder, `${name}.sql`),
      `-- Up Migration\n${up}\n${down === undefined ? '' : `-- Down Migration\n${down}\n`}`,
    );
  const tables = (): Promise<string[]> =>
    withClient(url, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'Migration%' ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    });

  const isWaitedFor = async (client: Client, lock: string): Promise<boolean> => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_locks JOIN pg_database ON database = pg_database.oid
       WHERE datname = current_database() AND ${lock} AND NOT granted`,
    );
    return rowCount === 1;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'migrations '));
    ({ url, drop } = await createEmptyDatabase());
    await write('0001_first', 'CREATE TABLE first (id int);', 'DROP TABLE first;');
    await write('0002_second', 'CREATE TABLE second (id int);', 'DROP TABLE second;');
  });
  afterEach(async () => {
    await drop();
    await rm(folder, { recursive: true });
  });

  it('apply in order, once', async () => {
    const lines: string[] = [];
    assert.deepEqual(await migrate(url, { folder, log: (line) => lines.push(line) }), ['0001_first', '0002_second']);
    assert.match(lines.join('\n'), /^migrated 0001_first \(\d+ ms\)\nmigrated 0002_second/);
    assert.deepEqual(await migrate(url, { folder }), []);
    assert.deepEqual(await tables(), ['first', 'second']);
    await assertMigrated(url, { folder });
  });

  it('are taken back newest first', async () => {
    await migrate(url, { folder });
    assert.deepEqual(await migrateDown(url, { folder }), ['0002_second']);
    assert.deepEqual(await tables(), ['first']);
    assert.deepEqual(await migrateDown(url, { folder, steps: 5 }), ['0001_first']);
    assert.deepEqual(await migrate(url, { folder }), ['0001_first', '0002_second']);
  });

  it('wait for another migrator instead of failing', async () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const applied = await withClient(url, async (holder) => {
      await holder.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
      const waiting = Promise.all([migrate(url, { folder, log }), migrate(url, { folder, log })]);
      await waitFor(() => lines.length === 2, { describe: 'both migrators to say that they wait' });
      assert.deepEqual(await tables(), []);
      await holder.query('SELECT pg_advisory_unlock($1)', [LOCK_KEY]);
      return waiting;
    });
    assert.deepEqual(applied.flat(), ['0001_first', '0002_second']);
  });

  it('roll back what failed, keep what came before, and go on once repaired', async () => {
    await write('0003_broken', 'CREATE TABLE third (id int); SELECT 1 / 0;');
    await assert.rejects(migrate(url, { folder }), {
      message: /0003_broken \(up\) failed and was rolled back: division by zero/,
    });
    assert.deepEqual(await tables(), ['first', 'second']);
    assert.deepEqual((await migrationStatus(url, { folder })).unfinished, ['0003_broken']);
    await assert.rejects(assertMigrated(url, { folder }), { message: /0003_broken was begun and did not end/ });

    await write('0003_broken', 'CREATE TABLE third (id int);');
    assert.deepEqual(await migrate(url, { folder }), ['0003_broken']);
    assert.deepEqual((await migrationStatus(url, { folder })).unfinished, []);
  });

  it('are tried again when they meet runs in a deadlock, and say so', async () => {
    await migrate(url, { folder });
    await write('0003_both', 'LOCK first; SELECT pg_advisory_xact_lock(1); LOCK second; CREATE TABLE third (id int);');
    const lines: string[] = [];
    await withClient(url, (gate) =>
      withClient(url, async (run) => {
        await gate.query('SELECT pg_advisory_lock(1)');
        // whoever looks finds the deadlock and is rolled back: let it be the migration
        await run.query(`BEGIN; SET LOCAL deadlock_timeout = '1h'; LOCK second`);
        const migrating = migrate(url, { folder, log: (line) => lines.push(line) });
        await waitFor(() => isWaitedFor(gate, `locktype = 'advisory'`), { describe: 'the migration at the gate' });
        const going = run.query('LOCK first; COMMIT');
        await waitFor(() => isWaitedFor(gate, `relation = 'first'::regclass`), { describe: 'the run to wait' });
        await gate.query('SELECT pg_advisory_unlock(1)');
        assert.deepEqual(await migrating, ['0003_both']);
        await going;
      }),
    );
    assert.match(lines.join('\n'), /^Migration 0003_both \(up\) met runs in a deadlock .* again\nmigrated 0003_both/);
    assert.deepEqual(await tables(), ['first', 'second', 'third']);
  });

  it('refuse a file that was changed after it was applied, saying which', async () => {
    await migrate(url, { folder });
    await write('0001_first', 'CREATE TABLE first (id bigint);', 'DROP TABLE first;');
    const refused = { code: 'UNAVAILABLE', message: /0001_first was changed after it was applied/ };
    await assert.rejects(migrate(url, { folder }), refused);
    await assert.rejects(migrateDown(url, { folder }), refused);
    await assert.rejects(assertMigrated(url, { folder }), refused);
  });

  describe('of a newer release', () => {
    const next = { release: '9.1.0' };
    const withoutFile = (name: string) => rm(join(folder, `${name}.sql`));

    beforeEach(async () => {
      await write('0003_next', 'CREATE TABLE third (id int);', 'DROP TABLE third;');
    });

    it('let code of the release before go on, which says so', async () => {
      await migrate(url, { folder, ...next });
      await withoutFile('0003_next');
      const lines: string[] = [];
      assert.deepEqual(await migrate(url, { folder, log: (line) => lines.push(line) }), []);
      assert.deepEqual(lines, ['The database is newer than this code: it has migration 0003_next of release 9.1.0.']);
      await assertMigrated(url, { folder });
      assert.deepEqual(await tables(), ['first', 'second', 'third']);
    });

    it('stop code that is two releases behind', async () => {
      await migrate(url, { folder, ...next });
      await write('0004_after_next', 'CREATE TABLE fourth (id int);');
      await migrate(url, { folder, release: '9.2.0' });
      await withoutFile('0003_next');
      await withoutFile('0004_after_next');
      const refused = { message: /0003_next, 0004_after_next of release 9.1.0 and 9.2.0\. Code runs beside one newer/ };
      await assert.rejects(migrate(url, { folder }), refused);
      await assert.rejects(assertMigrated(url, { folder }), refused);
    });

    it('stop code that has migrations which the database lacks', async () => {
      await migrate(url, { folder, ...next });
      await withoutFile('0003_next');
      await write('0004_elsewhere', 'CREATE TABLE fourth (id int);');
      await assert.rejects(migrate(url, { folder }), {
        message: /0003_next .* It also lacks 0004_elsewhere of this code/,
      });
    });

    it('are taken back by the code that has them, and by no other', async () => {
      await migrate(url, { folder, ...next });
      await withoutFile('0003_next');
      await assert.rejects(migrateDown(url, { folder }), { message: /Take it back with that release's code/ });
      await write('0003_next', 'CREATE TABLE third (id int);', 'DROP TABLE third;');
      assert.deepEqual(await migrateDown(url, { folder }), ['0003_next']);
    });

    it('stop code when the ledger is older than the notes of releases', async () => {
      await migrate(url, { folder, ...next });
      await withClient(url, (client) => client.query('ALTER TABLE "MigrationChecksum" DROP COLUMN release'));
      await withoutFile('0003_next');
      await assert.rejects(assertMigrated(url, { folder }), { message: /0003_next of release unknown/ });
    });
  });

  it('do not run through a pooler, which cannot hold their lock; a start then looks only', async () => {
    const pooled = `${url}?pgbouncer=true`;
    await assert.rejects(migrate(pooled, { folder }), { code: 'INVALID_INPUT', message: /Postgres' own address/ });
    await assert.rejects(prepareDatabase(pooled, { folder }), { message: /lacks migration 0001_first, 0002_second/ });
    await migrate(url, { folder });
    await prepareDatabase(pooled, { folder });
  });

  it('refuse a number before one that was applied', async () => {
    await migrate(url, { folder });
    await write('0001_between', 'SELECT 1;');
    await assert.rejects(migrate(url, { folder }), /0001_between is preceding already run migration/);
  });

  it('say what is pending before a start', async () => {
    await assert.rejects(assertMigrated(url, { folder }), {
      message: /lacks migration 0001_first, 0002_second: run "npm run migrate"/,
    });
  });

  it('refuse to go back where a file has no way back', async () => {
    await write('0003_one_way', 'CREATE TABLE third (id int);');
    await migrate(url, { folder });
    await assert.rejects(migrateDown(url, { folder }), /0003_one_way/);
    assert.deepEqual(await tables(), ['first', 'second', 'third']);
  });

  it('start over only when told so', async () => {
    await migrate(url, { folder });
    await withClient(url, (client) => client.query('CREATE TABLE stray (id int)'));
    await assert.rejects(resetDatabase(url, { folder, yes: false }), { code: 'INVALID_INPUT' });
    await resetDatabase(url, { folder, yes: true });
    assert.deepEqual(await tables(), ['first', 'second']);
  });
});
