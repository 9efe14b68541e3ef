import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, migrateDown } from '../../sql/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrationFiles } from '../../sql/migration-files.ts';
import { withClient } from '../../sql/migration-ledger.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { needsProgram, runProgram } from '../support/program.ts';

describe('the schema', () => {
  let url: string;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ url, drop } = await createEmptyDatabase());
  });
  afterEach(() => drop());

  it('is the same at each migration, whether taken back to it or brought up to it', async function () {
    this.timeout(120_000);
    const pgDump = await needsProgram(this, 'pg_dump');
    const dump = async (): Promise<string> => {
      const text = await runProgram(pgDump, ['--schema-only', '--no-owner', '--dbname', url]);
      return text.replace(/^\\(un)?restrict .*$/gm, ''); // a token that differs with each dump
    };
    const names = (await readMigrationFiles(MIGRATIONS_FOLDER)).map(({ name }) => `${name}.sql`);
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    try {
      const cameUp: string[] = [];
      for (const name of names) {
        await copyFile(join(MIGRATIONS_FOLDER, name), join(folder, name));
        await migrate(url, { folder });
        cameUp.push(await dump());
      }
      for (const [index, name] of [...names.entries()].slice(1).reverse()) {
        await migrateDown(url);
        assert.equal(await dump(), cameUp[index - 1], `${name} taken back`);
      }
      await migrate(url);
      assert.equal(await dump(), cameUp.at(-1), 'all brought up again');
    } finally {
      await rm(folder, { recursive: true });
    }
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
