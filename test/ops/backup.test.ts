import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runCli } from '../../cli/program.ts';
import { createLogger } from '../../platform/log.ts';
import { start, type Running } from '../../main.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { needsProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';
import { call as callAt } from './call.ts';

const WORKFLOW = {
  name: 'held',
  nodes: [
    { id: 'before', transform: '20 + 1' },
    { id: 'hold', signal: { name: 'go' } },
    { id: 'after', transform: 'before.output * 2' },
  ],
  edges: [
    { from: 'before', to: 'hold' },
    { from: 'before', to: 'after' },
    { from: 'hold', to: 'after' },
  ],
};

describe('backup and restore', function () {
  this.timeout(300_000);
  let folder: string;
  let source: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let target: typeof source;
  let dump: string;
  let openRun: string;

  before(async function () {
    for (const program of ['pg_dump', 'pg_restore']) await needsProgram(this, program);
    folder = await mkdtemp(join(tmpdir(), 'cc-backup-'));
    source = await createEmptyDatabase();
    target = await createEmptyDatabase();
    dump = join(folder, 'all.dump');
  });

  after(async () => {
    await source.drop();
    await target.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('writes a dump and a manifest that agree while the service is busy', async () => {
    const service = await startService(source.url, 'one');
    try {
      await call(service, 'POST', '/api/workflows', WORKFLOW);
      openRun = await trigger(service);
      await waitFor(async () => (await nodeOf(service, openRun, 'before'))?.status === 'SUCCESS', {
        describe: 'the first node',
      });
      const busy = load(service);
      const answer = await cli(['backup', dump, '--json', '--database-url', source.url]);
      await busy.end();
      assert.equal(answer.exitCode, 0, answer.stderr);
      const manifest = JSON.parse(await readFile(`${dump}.json`, 'utf8')) as { counts: Record<string, number> };
      assert.ok(manifest.counts.WorkflowRun! >= 1);
    } finally {
      await service.stop();
    }
  });

  it('refuses a dump that was changed', async () => {
    const damaged = join(folder, 'damaged.dump');
    await writeFile(damaged, `${await readFile(dump, 'latin1')}x`, 'latin1');
    await writeFile(`${damaged}.json`, await readFile(`${dump}.json`));
    const { exitCode, stderr } = await cli(['restore', damaged, '--database-url', target.url]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /damaged/);
  });

  it('goes on with the open runs after a restore into an empty database', async () => {
    const restored = await cli(['restore', dump, '--database-url', target.url]);
    assert.equal(restored.exitCode, 0, restored.stderr);
    await assertConsistent(target.url, dump);
    const service = await startService(target.url, 'two');
    try {
      await call(service, 'POST', `/api/workflows/held/runs/${openRun}/signals/go`, {});
      const run = await call<{ status: string; output: unknown }>(
        service,
        'GET',
        `/api/workflows/held/runs/${openRun}?wait=30`,
      );
      assert.deepEqual([run.status, run.output], ['SUCCESS', { after: 42 }]);
    } finally {
      await service.stop();
    }
  });

  it('refuses a database that is not empty, and replaces what is in it when told to', async () => {
    const refused = await cli(['restore', dump, '--database-url', target.url]);
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /not empty/);
    const forced = await cli(['restore', dump, '--database-url', target.url, '--force']);
    assert.equal(forced.exitCode, 0, forced.stderr);
  });

  it('does not delete under a running service', async () => {
    const service = await startService(target.url, 'three');
    try {
      const { exitCode, stderr } = await cli(['restore', dump, '--database-url', target.url, '--force']);
      assert.equal(exitCode, 2);
      assert.match(stderr, /stop API and workers first/);
    } finally {
      await service.stop();
    }
  });

  function startService(databaseUrl: string, name: string): Promise<Running> {
    const env = {
      DATABASE_URL: databaseUrl,
      PORT: '0',
      DATA_DIR: join(folder, name),
      AGENTS_DIR: join(folder, 'none'),
    };
    return start({
      roles: ['api', 'worker'],
      env: { PATH: process.env.PATH, ...env },
      log: createLogger({ level: 'silent' }),
    });
  }
});

/** What was written in one transaction is there together, and nothing is there that the manifest does not count. */
async function assertConsistent(databaseUrl: string, dump: string): Promise<void> {
  const { counts } = JSON.parse(await readFile(`${dump}.json`, 'utf8')) as { counts: Record<string, number> };
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const table of ['WorkflowRun', 'AgentRun', 'Event']) {
      const { rows } = await client.query<{ count: number }>(`SELECT count(*)::integer AS count FROM "${table}"`);
      assert.equal(rows[0]?.count, counts[table], table);
    }
    const { rows: broken } = await client.query(`
      SELECT w.id FROM "WorkflowRun" w
      LEFT JOIN LATERAL (SELECT count(*) AS events, max(sequence) AS last FROM "Event" WHERE "runId" = w.id) e ON true
      LEFT JOIN LATERAL (SELECT count(*) AS nodes FROM "AgentRun" WHERE "runId" = w.id) n ON true
      WHERE e.events = 0 OR e.events <> e.last OR n.nodes <> 3`);
    assert.deepEqual(broken, [], 'each run has its three nodes, and its events from 1 on without a gap');
  } finally {
    await client.end();
  }
}

function load(service: Running) {
  const ended = new AbortController();
  const work = (async () => {
    while (!ended.signal.aborted) await trigger(service);
  })();
  return {
    end: () => {
      ended.abort();
      return work;
    },
  };
}

async function trigger(service: Running): Promise<string> {
  return (await call<{ workflowRunId: string }>(service, 'POST', '/api/workflows/held/trigger', {})).workflowRunId;
}

async function nodeOf(service: Running, run: string, node: string): Promise<{ status: string } | undefined> {
  const rows = await call<{ nodeId: string; status: string }[]>(
    service,
    'GET',
    `/api/workflows/held/runs/${run}/agent-runs`,
  );
  return rows.find(({ nodeId }) => nodeId === node);
}

function call<T>({ address }: Running, method: string, path: string, body?: object): Promise<T> {
  return callAt(`http://127.0.0.1:${address!.port}`, method, path, body);
}

async function cli(args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({ write: (text: string) => void (written[name] += text) });
  const exitCode = await runCli(args, {
    stdin: process.stdin,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: { PATH: process.env.PATH },
    cwd: tmpdir(),
  });
  return { exitCode, ...written };
}
