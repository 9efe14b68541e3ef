import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createEmptyDatabase } from '../support/database.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as npm does, on sources instead of the build. */
async function migrateCli(databaseUrl: string, ...args: string[]): Promise<Ended> {
  const command = ['--import=tsx', 'sql/migrate-cli.ts', ...args];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

describe('the commands for migrations', function () {
  this.timeout(300_000); // each test starts several processes

  let url: string;
  let drop: () => Promise<void>;
  before(async () => {
    ({ url, drop } = await createEmptyDatabase());
  });
  after(() => drop());

  it('migrate, take back, and tell the status by words and exit code', async () => {
    const pending = await migrateCli(url, 'status');
    assert.equal(pending.code, 1);
    assert.match(pending.stdout, /^pending {4}0001_schema$[^]*run "npm run migrate"/m);

    const up = await migrateCli(url, 'up');
    assert.equal(up.code, 0);
    assert.match(up.stdout, /^migrated 0001_schema \(\d+ ms\)$/m);

    const current = await migrateCli(url, 'status');
    assert.equal(current.code, 0);
    assert.match(current.stdout, /^applied {4}0001_schema$/m);

    const down = await migrateCli(url, 'down', '2');
    assert.equal(down.code, 0);
    assert.equal(down.stdout.match(/^took back /gm)?.length, 2);
  });

  it('reset only with --yes', async () => {
    const refused = await migrateCli(url, 'reset');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /deletes every workflow, run and event: say so with "-- --yes"/);
    assert.equal((await migrateCli(url, 'reset', '--yes')).code, 0);
  });

  it('end with 2 and the usage when they are not understood, with 3 when Postgres is away', async () => {
    for (const wrong of [['sideways'], ['down', 'x'], ['up', '--force']]) {
      const { code, stderr } = await migrateCli(url, ...wrong);
      assert.equal(code, 2);
      assert.match(stderr, /^usage:/);
    }
    const away = await migrateCli('postgres://nobody:hidden@127.0.0.1:1/x', 'up');
    assert.equal(away.code, 3);
    assert.doesNotMatch(away.stderr, /hidden/);
  });
});
