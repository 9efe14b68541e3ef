import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { start, type Running } from '../../main.ts';
import { startProcess, type LiveProcess } from '../../ops/checks/live-process.ts';
import { loadConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/log.ts';
import { resolveServices } from '../../platform/services.ts';
import { accountInsteadOfRoot } from '../../platform/services/account.ts';
import { freePort } from '../../platform/services/free-port.ts';
import { withDatabase } from '../../sql/connection-url.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { needsProgram } from '../support/program.ts';
import { startPrivateRedis, type PrivateRedis } from '../support/private-redis.ts';
import { waitFor } from '../support/wait-for.ts';
import { call as callAt } from './call.ts';

/** Far fewer than a service and a worker ask for. */
const SERVER_CONNECTIONS = 3;
const RUNS = 30;
const WORKFLOW = {
  name: 'pooled',
  nodes: [
    { id: 'a', transform: '20 + 1' },
    { id: 'b', transform: 'a.output * 2', dependsOn: ['a'] },
    { id: 'hold', signal: { name: 'go' }, dependsOn: ['a'] },
    { id: 'c', transform: 'b.output + 0', dependsOn: ['b', 'hold'] },
  ],
};

describe('Postgres behind PgBouncer, which changes connections between transactions', function () {
  this.timeout(180_000);
  let folder: string;
  let database: TestDatabase;
  let redis: PrivateRedis;
  let pooler: LiveProcess | undefined;
  let pooled: string;
  let service: Running | undefined;

  before(async function () {
    const program = await needsProgram(this, 'pgbouncer');
    redis = await startPrivateRedis(this);
    folder = await mkdtemp(join(tmpdir(), 'cc-pooler-'));
    await chmod(folder, 0o755);
    database = await createTestDatabase();
    const port = await freePort();
    await writeFile(join(folder, 'pgbouncer.ini'), configuration(database.url, port));
    const account = await accountInsteadOfRoot();
    const args = [...(account ? ['-u', account.name] : []), 'pgbouncer.ini'];
    pooler = startProcess(program, args, { cwd: folder, env: process.env, logFile: join(folder, 'pgbouncer.log') });
    pooled = `postgres://service@127.0.0.1:${port}/orchestration`;
    await waitFor(() => ask(pooled, 'SELECT 1'), { timeoutMs: 15_000, describe: 'PgBouncer to lead to Postgres' });
  });

  after(async () => {
    await service?.stop();
    if (!pooler) return;
    await pooler.stop();
    await database.drop();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('carries a service whose runs all end, over fewer connections than it holds', async () => {
    service = await start({
      roles: ['api', 'worker'],
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: `${pooled}?pgbouncer=true`,
        REDIS_URL: redis.url,
        PORT: '0',
        DATA_DIR: join(folder, 'data'),
        AGENTS_DIR: join(folder, 'none'),
      },
      log: createLogger({ level: 'silent' }),
    });
    await call(service, 'POST', '/api/workflows', WORKFLOW);
    const runs = await Promise.all(Array.from({ length: RUNS }, () => trigger(service!)));
    await Promise.all(runs.map((id) => call(service!, 'POST', `/api/workflows/pooled/runs/${id}/signals/go`, {})));
    for (const id of runs) {
      const run: { status: string; output: unknown } = await call(
        service,
        'GET',
        `/api/workflows/pooled/runs/${id}?wait=30`,
      );
      assert.deepEqual([run.status, run.output], ['SUCCESS', { c: 42 }]);
    }
    const pools = await ask(withDatabase(pooled, 'pgbouncer'), 'SHOW POOLS');
    const ours = pools.find((row) => row.database === 'orchestration');
    assert.ok(ours);
    const clients = Number(ours.cl_active) + Number(ours.cl_waiting);
    const servers = Number(ours.sv_active) + Number(ours.sv_idle) + Number(ours.sv_used);
    assert.ok(servers <= SERVER_CONNECTIONS && clients > servers, JSON.stringify(ours));
  });

  it('has nothing prepared and nothing set on its connections that the next client would meet', async () => {
    for (const what of ['pg_prepared_statements', `pg_settings WHERE source = 'session' AND name LIKE '%timeout'`]) {
      assert.deepEqual(await ask(pooled, `SELECT name FROM ${what}`), []);
    }
  });

  it('does not start with queues in Postgres, which listen, and says what to set', async () => {
    const config = loadConfig({ DATABASE_URL: `${pooled}?pgbouncer=true`, DATA_DIR: join(folder, 'none') });
    const nothing = { folders: [], npm: false };
    const refused = { code: 'INVALID_INPUT', message: /set REDIS_URL/ };
    await assert.rejects(resolveServices(config, createLogger({ level: 'silent' }), nothing), refused);
  });
});

/** What docs/SCALING.md says, and the accounts of a test. */
function configuration(databaseUrl: string, port: number): string {
  const { hostname, port: serverPort, username, password, pathname } = new URL(databaseUrl);
  const server = `host=${hostname} port=${serverPort || '5432'} dbname=${pathname.slice(1)} user=${username}`;
  return [
    '[databases]',
    `orchestration = ${server}${password === '' ? '' : ` password=${decodeURIComponent(password)}`}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'admin_users = service',
    'pool_mode = transaction',
    `default_pool_size = ${SERVER_CONNECTIONS}`,
    'max_client_conn = 200',
    '',
  ].join('\n');
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function trigger(service: Running): Promise<string> {
  return (await call<{ workflowRunId: string }>(service, 'POST', '/api/workflows/pooled/trigger', {})).workflowRunId;
}

function call<T>({ address }: Running, method: string, path: string, body?: object): Promise<T> {
  return callAt(`http://127.0.0.1:${address!.port}`, method, path, body);
}
