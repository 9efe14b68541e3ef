import assert from 'node:assert/strict';
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
