import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createLogger } from '../../platform/log.ts';
import { createNats } from '../../platform/nats.ts';
import { resolveServices, type ResolvedServices } from '../../platform/services.ts';
import { findBinary, findPostgres, programFolders } from '../../platform/services/binaries.ts';
import { waitFor } from '../support/wait-for.ts';
import { createMachine, living, NO_ADDRESSES, SERVERS, type Machine } from './local-services.ts';

const log = createLogger({ level: 'silent' });
const FIXTURE = fileURLToPath(new URL('./fixtures/hold-services.ts', import.meta.url));
const NOBODY = 65_534;
const NPM_ONLY = { folders: [], npm: true };

type Addresses = Pick<ResolvedServices, 'databaseUrl' | 'natsUrl' | 'lines'>;

async function query(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

/** A process of its own that holds the services until it is told to stop. */
async function hold(dataDir: string, uid?: number): Promise<{ child: ChildProcess; resolved: Addresses }> {
  const child = spawn(process.execPath, ['--import', 'tsx', FIXTURE, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
  if (typeof line !== 'string') throw new Error(`the holder ended with ${String(line)}`);
  return { child, resolved: JSON.parse(line) as Addresses };
}

async function end(child: ChildProcess, how: 'kill' | 'stop'): Promise<void> {
  const ended = once(child, 'exit');
  if (how === 'kill') child.kill('SIGKILL');
  else child.stdin?.end();
  await ended;
}

describe('services on a machine with servers installed', () => {
  let machine: Machine;

  before(async function () {
    const folders = await programFolders(process.env.PATH ?? '');
    const found = await Promise.all([
      findPostgres({ folders, npm: true }).then(([first]) => first),
      findBinary(['redis-server', 'valkey-server'], folders),
      findBinary(['nats-server'], folders),
    ]);
    if (found.includes(undefined)) {
      log.info('needs redis-server, nats-server and a Postgres on this machine');
      this.skip();
    }
  });
  beforeEach(async () => {
    machine = await createMachine();
  });
  afterEach(() => machine.cleanup());

  it('are brought up in a folder with spaces, keep what they are told, and leave nothing running', async () => {
    const resolved = await machine.resolve();
    const pids = await Promise.all(SERVERS.map(machine.pidOf));

    assert.deepEqual(await query(resolved.databaseUrl, 'SHOW listen_addresses'), ['127.0.0.1']);
    assert.deepEqual(await query(resolved.databaseUrl, 'SHOW max_connections'), ['200']);
    assert.deepEqual(await query(resolved.databaseUrl, 'SELECT current_database()'), ['orchestration']);
    assert.ok(resolved.queue.kind === 'redis');
    const redis = new Redis(resolved.queue.url);
    assert.deepEqual(await redis.config('GET', 'appendonly'), ['appendonly', 'yes']);
    assert.deepEqual(await redis.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction']);
    redis.disconnect();
    const nats = createNats(resolved.natsUrl ?? '', log);
    await nats.ensureStream({ name: 'S', subjects: ['s.>'], duplicateWindowMs: 3_600_000 });
    await nats.close();

    await machine.stop(resolved);
    assert.deepEqual(await living(pids), []);
  });

  it('keep their data and refuse callers without the password', async () => {
    const first = await machine.resolve();
    await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const stranger = new URL(first.databaseUrl);
    stranger.password = '';
    await assert.rejects(query(stranger.href, 'SELECT 1'), /password/);
    await machine.stop(first);
    const second = await machine.resolve();
    assert.deepEqual(await query(second.databaseUrl, 'SELECT answer FROM kept'), [42]);
    await machine.stop(second);
  });

  it('are used again after the last start was killed, and stopped at the end', async () => {
    const { child, resolved } = await hold(machine.dataDir);
    await end(child, 'kill');
    const pids = await Promise.all(SERVERS.map(machine.pidOf));
    assert.deepEqual(await living(pids), pids, 'the servers outlive the killed process');

    const again = await machine.resolve();
    assert.equal(again.databaseUrl, resolved.databaseUrl);
    assert.match(again.lines.join('\n'), /running since an earlier start/);
    await machine.stop(again);
    assert.deepEqual(await living(pids), []);
  });

  it('are shared by the processes of one data folder and stopped by the last of them', async () => {
    const { child, resolved } = await hold(machine.dataDir);
    const mine = await machine.resolve();
    assert.equal(mine.databaseUrl, resolved.databaseUrl);
    await end(child, 'stop');
    assert.deepEqual(await query(mine.databaseUrl, 'SELECT 1'), [1]);
    const pids = await Promise.all(SERVERS.map(machine.pidOf));
    await machine.stop(mine);
    assert.deepEqual(await living(pids), []);
  });

  it('are started again at the same address when they were killed', async () => {
    const resolved = await machine.resolve();
    const killed = await machine.pidOf('postgres');
    process.kill(killed, 'SIGKILL');
    await waitFor(async () => (await machine.pidOf('postgres')) !== killed, { describe: 'a new Postgres' });
    await waitFor(() => query(resolved.databaseUrl, 'SELECT 1'), { describe: 'an answer at the old address' });
    await machine.stop(resolved);
  });

  it('are replaced when one that a killed start left hangs', async () => {
    const { child } = await hold(machine.dataDir);
    await end(child, 'kill');
    const hanging = await machine.pidOf('redis');
    process.kill(hanging, 'SIGSTOP');
    const resolved = await machine.resolve();
    assert.deepEqual(await living([hanging]), []);
    assert.notEqual(await machine.pidOf('redis'), hanging);
    await machine.stop(resolved);
  });

  it('keep the database where its account can reach it, when the data folder is closed to it, and say where', async function () {
    if (process.getuid?.() !== 0) this.skip();
    await chmod(machine.dataDir, 0o700);
    const resolved = await machine.resolve();
    assert.deepEqual(await query(resolved.databaseUrl, 'SELECT 1'), [1]);
    const [, folder = ''] = /data in (\/var\/lib\/commandcenter\/[^,)]+)/.exec(resolved.lines[0] ?? '') ?? [];
    await machine.stop(resolved);
    assert.match(await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8'), /^\d+/);
    await rm(folder, { recursive: true });
  });

  it('run as a plain user', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const dataDir = join(machine.dataDir, 'of nobody');
    await mkdir(dataDir);
    await chown(dataDir, NOBODY, NOBODY);
    const { child, resolved } = await hold(dataDir, NOBODY);
    assert.deepEqual(await query(resolved.databaseUrl, 'SELECT 1'), [1]);
    await end(child, 'stop');
    await assert.rejects(query(resolved.databaseUrl, 'SELECT 1'));
  });
});

describe('services on a machine with nothing but npm', () => {
  let machine: Machine;

  before(async function () {
    if ((await findPostgres(NPM_ONLY)).length === 0) this.skip();
    machine = await createMachine();
  });
  after(() => machine.cleanup());

  it('are a Postgres that holds the queues too, and no NATS, and say so', async () => {
    const resolved = await machine.resolve(NPM_ONLY);
    assert.deepEqual(await query(resolved.databaseUrl, 'SELECT 1'), [1]);
    assert.deepEqual(resolved.queue, { kind: 'postgres', databaseUrl: resolved.databaseUrl });
    assert.equal(resolved.natsUrl, undefined);
    assert.match(resolved.lines.join('\n'), /from npm.*\nqueue in postgres.*\nnats off/);
    await machine.stop(resolved);
  });

  it('do not touch data of another major version, and say what to do', async function () {
    const folders = await programFolders(process.env.PATH ?? '');
    const others = (await findPostgres({ folders, npm: false })).filter(({ version }) => !version.startsWith('17'));
    if (others.length === 0) this.skip();
    await assert.rejects(machine.resolve({ folders: others.map(({ folder }) => folder), npm: false }), {
      code: 'UNAVAILABLE',
      message: /made by Postgres 17.*install Postgres 17/,
    });
  });
});

describe('services', () => {
  it('say what to install on each system when there is no Postgres', async () => {
    const machine = await createMachine();
    await assert.rejects(machine.resolve({ folders: [], npm: false }), /Debian[^]*macOS[^]*Docker[^]*DATABASE_URL/);
    await machine.cleanup();
  });

  it('are never others than the configured ones, whether these answer or not', async () => {
    const machine = await createMachine();
    const configured = {
      databaseUrl: 'postgresql://user:hidden@127.0.0.1:1/orchestration',
      redisUrl: 'redis://127.0.0.1:1',
      natsUrl: 'nats://127.0.0.1:1',
    };
    const resolved = await resolveServices({ ...NO_ADDRESSES, ...configured, dataDir: machine.dataDir }, log);
    assert.equal(resolved.databaseUrl, configured.databaseUrl);
    assert.deepEqual(resolved.queue, { kind: 'redis', url: configured.redisUrl, prefix: 'commandcenter' });
    assert.equal(resolved.natsUrl, configured.natsUrl);
    assert.deepEqual(resolved.services, []);
    assert.doesNotMatch(resolved.lines.join(), /hidden/);
    assert.deepEqual(await readdir(machine.dataDir), [], 'the data folder is not touched');
    await machine.cleanup();
  });

  it('must be configured in production', async () => {
    const machine = await createMachine();
    await assert.rejects(
      resolveServices({ ...NO_ADDRESSES, redisUrl: 'redis://r', dataDir: machine.dataDir, production: true }, log),
      { code: 'INVALID_INPUT', message: /set DATABASE_URL, NATS_URL/ },
    );
    await machine.cleanup();
  });
});
