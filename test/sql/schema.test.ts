import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, migrateDown } from '../../sql/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrationFiles } from '../../sql/migration-files.ts';
import { withClient } from '../../sql/migration-ledger.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { needsProgram, runProgram } from '../support/program.ts';

/** The last migration from before it was known that one that locks two tables may meet runs in a deadlock. */
const BEFORE_THE_RULE = '0044_outbox_by_key';

describe('the schema', () => {
  let url: string;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ url, drop } = await createEmptyDatabase());
  });
  afterEach(() => drop());

  it('is the same fresh, and taken back and brought up again from every migration', async function () {
    this.timeout(300_000);
    const pgDump = await needsProgram(this, 'pg_dump');
    const dump = async (): Promise<string> => {
      const text = await runProgram(pgDump, ['--schema-only', '--no-owner', '--dbname', url]);
      return text.replace(/^\\(un)?restrict .*$/gm, ''); // a token that differs with each dump
    };
    const files = await readMigrationFiles(MIGRATIONS_FOLDER);
    await migrate(url);
    const fresh = await dump();
    for (let steps = 1; steps <= files.length; steps += 1) {
      await migrateDown(url, { steps });
      await migrate(url);
      assert.equal(await dump(), fresh, `after ${steps} down and up again`);
    }
  });

  it('locks in one migration, and on its way back, one table that runs write: two may end in a deadlock with runs', async () => {
    await migrate(url);
    const files = (await readMigrationFiles(MIGRATIONS_FOLDER)).filter(({ name }) => name > BEFORE_THE_RULE);
    const parts = await Promise.all(
      files.map(async ({ name }) => {
        const text = await readFile(join(MIGRATIONS_FOLDER, `${name}.sql`), 'utf8');
        const [up = '', down = ''] = text.split('-- Down Migration');
        return { name, up, down };
      }),
    );
    assert.ok(parts.length > 0);
    await withClient(url, async (client) => {
      const lockedBy = async (statements: string): Promise<string[]> => {
        await client.query('BEGIN');
        await client.query(statements);
        const { rows } = await client.query<{ name: string }>(`
          SELECT DISTINCT c.relname AS name FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
          WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relname IN ('WorkflowRun', 'AgentRun', 'Event')
            AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`);
        await client.query('COMMIT');
        return rows.map(({ name }) => name);
      };
      for (const { name, down } of parts.toReversed()) assert.ok((await lockedBy(down)).length <= 1, `${name}, back`);
      for (const { name, up } of parts) assert.ok((await lockedBy(up)).length <= 1, name);
    });
  });

  it('leaves nothing behind when everything is taken back', async () => {
    await migrate(url);
    await migrateDown(url, { steps: Number.MAX_SAFE_INTEGER });
    const left = await withClient(url, (client) =>
      client.query(`
        SELECT relname AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S', 'm')
          AND relname !~ '^Migration'
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')`),
    );
    assert.deepEqual(left.rows, []);
  });
});
