import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MIGRATIONS_FOLDER, readMigrationFiles } from '../../sql/migration-files.ts';
import { migrate, migrateDown, migrationStatus } from '../../sql/migrate.ts';
import { createFleet, ROOT, type Fleet, type FleetWorker } from './fleet.ts';

const execute = promisify(execFile);
const WORKFLOW = {
  name: 'upgraded',
  nodes: [
    { id: 'wait', agent: 'door', input: { file: '{{ input.file }}' } },
    { id: 'left', transform: '20 + 1', dependsOn: ['wait'] },
    { id: 'right', transform: '2', dependsOn: ['wait'] },
    { id: 'joined', transform: 'left.output * right.output', dependsOn: ['left', 'right'] },
  ],
};
/** One agent at once, so that two that wait are on two workers. */
const ONE_AT_ONCE = { WORKER_CONCURRENCY: '1' };

describe('an upgrade', function () {
  this.timeout(400_000);
  let fleet: Fleet | undefined;
  let oldRoot: string;
  let newest: string;
  let old: FleetWorker;

  before(async function () {
    newest = (await readMigrationFiles(MIGRATIONS_FOLDER)).at(-1)?.name ?? '';
    const commit = await commitBefore(join('sql', 'migrations', `${newest}.sql`));
    if (commit === undefined) {
      console.log('    (skipped: the history of this checkout does not reach to before the newest migration)');
      this.skip();
    }
    fleet = await createFleet(this);
    oldRoot = await checkOut(commit, join(fleet.folder, 'before'));
  });

  after(() => fleet?.stop());

  it('runs old and new workers side by side, on a schema that the new code has migrated', async () => {
    assert.ok(fleet);
    await fleet.startApi(oldRoot);
    await fleet.call('POST', '/api/workflows', WORKFLOW);
    old = await fleet.startWorker({ root: oldRoot, env: ONE_AT_ONCE });
    assert.deepEqual((await migrationStatus(fleet.databaseUrl)).pending, [newest]);
    const first = fleet.door('first');
    const begunBefore = await fleet.trigger('upgraded', { file: first.file });

    assert.deepEqual(await migrate(fleet.databaseUrl), [newest]);
    const current = await fleet.startWorker({ env: ONE_AT_ONCE });
    const second = fleet.door('second');
    const begunAfter = await fleet.trigger('upgraded', { file: second.file });
    await second.open();
    await assertEnded(begunAfter, current.id);
    await first.open();
    await assertEnded(begunBefore, old.id);
    assert.equal(await current.stop(), 0);
  });

  it('lets old code start again on the new schema, as when a deployment is rolled back', async () => {
    assert.ok(fleet);
    assert.equal(await old.stop(), 0);
    old = await fleet.startWorker({ root: oldRoot, env: ONE_AT_ONCE });
    const door = fleet.door('third');
    await door.open();
    await assertEnded(await fleet.trigger('upgraded', { file: door.file }), old.id);
  });

  it('can be taken back under the old code, which goes on', async () => {
    assert.ok(fleet);
    const door = fleet.door('fourth');
    const open = await fleet.trigger('upgraded', { file: door.file });
    assert.deepEqual(await migrateDown(fleet.databaseUrl), [newest]);
    await door.open();
    await assertEnded(open, old.id);
    assert.deepEqual((await migrationStatus(fleet.databaseUrl)).pending, [newest]);
  });

  async function assertEnded(runId: string, workerId: string): Promise<void> {
    const { status, output, agentRuns } = await fleet!.ended('upgraded', runId);
    assert.deepEqual([status, output], ['SUCCESS', { joined: 42 }]);
    assert.deepEqual([agentRuns[0]?.workerId, agentRuns[0]?.attempt], [workerId, 1]);
  }
});

/** The commit before the one that added the file; undefined where this checkout's history does not have it. */
async function commitBefore(file: string): Promise<string | undefined> {
  const git = async (...args: readonly string[]) => (await execute('git', args, { cwd: ROOT })).stdout.trim();
  try {
    const added = await git('log', '-1', '--format=%H', '--diff-filter=A', '--', file);
    // A file that is not committed yet came after everything that is.
    return added === '' ? await git('rev-parse', 'HEAD') : await git('rev-parse', '--verify', '--quiet', `${added}^`);
  } catch {
    return undefined;
  }
}

/** The files of a commit in a folder of their own, with the modules of this checkout. */
async function checkOut(commit: string, folder: string): Promise<string> {
  await mkdir(folder);
  await execute('sh', ['-c', `git archive ${commit} | tar -x -C "$1"`, 'sh', folder], { cwd: ROOT });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
