import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { armFailpoint, failpoint, FAILPOINTS } from '../../platform/failpoints.ts';
import { loadConfig } from '../../platform/config.ts';
import { migrate, migrationStatus } from '../../sql/migrate.ts';
import { createEmptyDatabase } from '../support/database.ts';

describe('failpoints', () => {
  afterEach(() => {
    armFailpoint(undefined);
  });

  it('do nothing unless they are armed', () => {
    failpoint('claimed');
  });

  it('fail at the passage that was asked for, once', () => {
    armFailpoint('claimed:2:throw');
    failpoint('claimed');
    failpoint('agent-ended');
    assert.throws(() => failpoint('claimed'), /failpoint claimed/);
    failpoint('claimed');
  });

  it('are refused where nobody knows them, and in production', () => {
    assert.throws(() => armFailpoint('lunch:1:kill'), /FAIL_AT must be/);
    assert.throws(() => armFailpoint('claimed:0:kill'), /FAIL_AT must be/);
    assert.throws(() => loadConfig({ NODE_ENV: 'production', FAIL_AT: 'claimed:1:kill' }), /FAIL_AT/);
  });

  it('kill a migration half done, and the next start does the rest', async () => {
    const database = await createEmptyDatabase();
    try {
      assert.equal(await migrateAndDie(database.url), 'SIGKILL');
      const halfDone = await migrationStatus(database.url);
      assert.equal(halfDone.unfinished.length, 1);
      assert.ok(halfDone.applied.length > 0 && halfDone.pending.length > 0);
      await migrate(database.url);
      const done = await migrationStatus(database.url);
      assert.deepEqual([done.pending, done.unfinished], [[], []]);
    } finally {
      await database.drop();
    }
  });

  it('are all in the table of docs/GUARANTEES.md', async () => {
    const text = await readFile(new URL('../../docs/GUARANTEES.md', import.meta.url), 'utf8');
    for (const point of Object.keys(FAILPOINTS)) assert.ok(text.includes(`\`${point}\``), point);
  });
});

/** A process of its own, as it is to be killed. @returns the signal that ended it */
async function migrateAndDie(databaseUrl: string): Promise<unknown> {
  const program = `
    const { armFailpoint } = await import('./platform/failpoints.ts');
    const { migrate } = await import('./sql/migrate.ts');
    armFailpoint('migration-begun:3:kill');
    await migrate(process.env.DATABASE_URL);`;
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: 'ignore',
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}
