import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { API_VERSION } from '../../api/documentation/version.ts';
import type * as Client from '../../clients/typescript/index.ts';
import { createHeld, type Held } from '../support/held.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { startRoom, type TestRoom } from '../http/support/room.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'clients/typescript');
const BUILT = join(ROOT, 'node_modules/.cache/commandcenter-client');

describe('the TypeScript client, built as its package builds it', function () {
  this.timeout(300_000);
  let client: typeof Client;
  let room: TestRoom;
  let wire: Wire;
  let held: Held;
  let center: Client.CommandCenter;

  before(async () => {
    await build();
    client = (await import(pathToFileURL(join(BUILT, 'index.js')).href)) as typeof Client;
    held = createHeld();
    room = await startRoom({ agents: { held: held.agent } });
    wire = await layWire(room.room.address().port);
    center = client.connect({ url: wire.url });
    for (const definition of [
      { name: 'quick', nodes: [{ id: 'one', transform: 'input.n' }] },
      { name: 'held', nodes: [{ id: 'hold', agent: 'held' }] },
    ])
      await client.bodyOf(center.api.POST('/api/workflows', { body: definition as never }));
  });
  after(async () => {
    held.release();
    await wire.close();
    await room.close();
  });

  /** With the packages of its own that its package.json names, at those versions, and no others. */
  async function build(): Promise<void> {
    await rm(BUILT, { recursive: true, force: true });
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [tsc, '-p', SOURCES, '--outDir', BUILT]);
    await symlink(join(SOURCES, 'package.json'), join(BUILT, 'package.json'));
  }

  it('starts a run, follows its events and gives its output', async () => {
    const { workflowRunId, workflowName } = await center.trigger('quick', { input: { n: 7 }, labels: { by: 'test' } });
    const name = { workflow: workflowName, runId: workflowRunId };
    const events = [];
    for await (const event of center.events(name)) events.push(event);
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_, index) => index + 1),
    );
    assert.equal(events.at(-1)?.type, 'run.succeeded');
    const run = await center.ended(name);
    assert.equal(run.status, 'SUCCESS');
    assert.deepEqual([run.output, run.labels], [{ one: 7 }, { by: 'test' }]);
  });

  it('starts one run for one idempotency key', async () => {
    const options = { input: { n: 1 }, idempotencyKey: 'once' };
    const [first, second] = [await center.trigger('quick', options), await center.trigger('quick', options)];
    assert.equal(first.workflowRunId, second.workflowRunId);
  });

  it('goes on behind the last event after a lost connection', async () => {
    const { workflowRunId: runId } = await center.trigger('held');
    const seen: number[] = [];
    let lost = 0;
    const onLost = () => {
      lost++;
      wire.mend();
      held.release();
    };
    for await (const { sequence, type } of center.events({ workflow: 'held', runId }, { onLost })) {
      seen.push(sequence);
      if (type === 'node.started') wire.cut();
    }
    assert.ok(lost > 0, 'the connection was lost');
    assert.deepEqual(
      seen,
      seen.map((_, index) => index + 1),
    );
  });

  it('walks through a list page after page', async () => {
    for (let n = 0; n < 4; n++) await center.trigger('quick', { input: { n }, labels: { walk: 'yes' } });
    const ids = [];
    for await (const { id } of center.runs({ label: 'walk=yes' as never, limit: 3 })) ids.push(id);
    assert.equal(new Set(ids).size, 4);
  });

  it('throws what the service says', async () => {
    await assert.rejects(center.trigger('nobody'), (error) => {
      assert.ok(error instanceof client.CommandCenterError);
      assert.deepEqual([error.status, error.code], [404, 'NOT_FOUND']);
      assert.match(error.message, /nobody/);
      return true;
    });
    const refused = client.connect({ url: wire.url, token: 'wrong' });
    await assert.rejects(refused.trigger('quick'), (error) => (error as Client.CommandCenterError).status === 401);
  });

  it('knows at compile time which operations there are and what they take and give', () => {
    // never called: the compiler's word is the test (npm run typecheck)
    const typed = async () => {
      const { data } = await center.api.GET('/api/queues');
      const names: string[] | undefined = data?.map(({ name }) => name);
      // @ts-expect-error there is no such operation
      await center.api.GET('/api/nothing');
      // @ts-expect-error a decision needs its decision
      await center.api.POST('/api/approvals/{id}/decision', { params: { path: { id: 'x' } }, body: {} });
      return names;
    };
    assert.equal(typeof typed, 'function');
  });

  it('has the version of the API, and the packages that the repository is tested with', async () => {
    const read = async (path: string) =>
      JSON.parse(await readFile(join(ROOT, path), 'utf8')) as {
        version: string;
        dependencies: Record<string, string>;
        devDependencies: Record<string, string>;
      };
    const [own, root] = [await read('clients/typescript/package.json'), await read('package.json')];
    assert.equal(own.version, API_VERSION);
    for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies }))
      assert.equal({ ...root.dependencies, ...root.devDependencies }[name], version, name);
  });
});
