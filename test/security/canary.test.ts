import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { routes } from '../../api/routes.ts';
import { startOtlpReceiver } from '../ops/otlp-receiver.ts';
import { createEmptyDatabase, onServer } from '../support/database.ts';
import { needsServer, testServices } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const AGENTS = fileURLToPath(new URL('fixtures/agents', import.meta.url));
/** A database of Redis that nothing else uses. */
const REDIS_DATABASE = 14;

/** An account of the test's own, so that its password can be looked for. */
const DATABASE_ROLE = `cctest_canary_${String(process.pid)}`;

/** Each with characters that JSON, URLs and base64 change. */
const CANARIES = {
  agentSecret: 'kanarie"vogel/1+één?',
  otherSecret: 'kanarie-other-9f2c71d0a4',
  adminToken: 'kanarie-admin-5d1e8c3b7a6f4e2d',
  databasePassword: 'kanarie-db/p@ss-77aa12',
  serverVariable: 'kanarie-server-variable-03b1',
  header: 'kanarie-header-e41b99',
  wrongToken: 'kanarie-wrong-token-1f0d',
  webhookSignature: 'kanarie-signature-aa90',
  linkKey: 'kanarie-link-key-0123456789abcdef0123',
};

describe('secrets', function () {
  this.timeout(240_000);
  let folder: string;
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
  let service: ChildProcess;
  let redis: Redis;
  let url = '';
  /** Everything that has left, by where it came out. */
  const left = new Map<string, string>();
  const tell = (where: string, text: string) => left.set(where, (left.get(where) ?? '') + text);

  before(async function () {
    needsServer(this, 'redis');
    folder = await mkdtemp(join(tmpdir(), 'cc-canary-'));
    database = await createEmptyDatabase();
    await onServer((client) =>
      client.query(`CREATE ROLE ${DATABASE_ROLE} SUPERUSER LOGIN PASSWORD '${CANARIES.databasePassword}'`),
    );
    receiver = await startOtlpReceiver();
    const redisUrl = `${testServices().redisUrl.replace(/\/\d*$/, '')}/${String(REDIS_DATABASE)}`;
    redis = new Redis(redisUrl);
    await redis.flushdb();
    url = await startService(redisUrl);
    await provoke();
  });

  after(async () => {
    if (service.exitCode === null) {
      service.kill('SIGTERM');
      await once(service, 'exit');
    }
    await redis.flushdb();
    await redis.quit();
    await receiver.stop();
    await database.drop();
    await onServer((client) => client.query(`DROP ROLE ${DATABASE_ROLE}`));
    await rm(folder, { recursive: true, force: true });
  });

  async function startService(redisUrl: string): Promise<string> {
    const withPassword = new URL(database.url);
    withPassword.username = DATABASE_ROLE;
    withPassword.password = encodeURIComponent(CANARIES.databasePassword);
    service = spawn(process.execPath, ['--import=tsx', MAIN, '--roles=api,worker'], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: withPassword.toString(),
        REDIS_URL: redisUrl,
        PORT: '0',
        DATA_DIR: folder,
        AGENTS_DIR: AGENTS,
        LOG_LEVEL: 'trace',
        LOG_AGENT_IO: 'true',
        AUTH_TOKENS: `root:admin:${CANARIES.adminToken}`,
        APPROVAL_LINK_KEY: CANARIES.linkKey,
        AGENT_SECRET_CANARY: CANARIES.agentSecret,
        AGENT_SECRET_HOOK: CANARIES.otherSecret,
        SECRETS_POLICY: 'CANARY:leaky',
        SERVER_PRIVATE: CANARIES.serverVariable,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    service.stdout?.on('data', (chunk: Buffer) => tell('log', chunk.toString()));
    service.stderr?.on('data', (chunk: Buffer) => tell('stderr', chunk.toString()));
    return waitFor(() => /http:\/\/127\.0\.0\.1:\d+/.exec(left.get('stderr') ?? '')?.[0], {
      timeoutMs: 150_000,
      describe: 'the service to listen',
    }).catch((error: unknown) => {
      throw new Error([...left.values()].join('\n'), { cause: error });
    });
  }

  async function ask(
    path: string,
    init: RequestInit = {},
    where = 'answers',
  ): Promise<{ status: number; text: string }> {
    const headers = {
      authorization: `Bearer ${CANARIES.adminToken}`,
      'x-api-key': CANARIES.header,
      cookie: `other=${CANARIES.header}`,
      'content-type': 'application/json',
      ...(init.headers as Record<string, string> | undefined),
    };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const text = await response.text();
    tell(where, `${path} ${JSON.stringify([...response.headers])} ${text}\n`);
    return { status: response.status, text };
  }

  const post = (path: string, body: unknown, headers = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), headers });

  /** Does what may make a secret come out. */
  async function provoke(): Promise<void> {
    const nodes = [
      { id: 'tells', agent: 'leaky', input: {} },
      { id: 'breaks', agent: 'leaky', input: { fail: true } },
      { id: 'mapped', transform: 'tells.output', dependsOn: ['tells'] },
    ];
    await post('/api/workflows', { name: 'leaking', nodes, triggers: [{ type: 'webhook', secret: 'HOOK' }] });
    const { text } = await post('/api/workflows/leaking/trigger', {});
    const { workflowRunId } = JSON.parse(text) as { workflowRunId: string };
    await ask(`/api/workflows/leaking/runs/${workflowRunId}?wait=60`);
    await post('/api/webhooks/workflows/leaking', {}, { 'x-signature-256': CANARIES.webhookSignature });
    await post(
      '/api/webhooks/workflows/leaking',
      { token: 'plain' },
      { 'x-hub-signature-256': `sha256=${CANARIES.webhookSignature}` },
    );
    await ask('/api/runs', { headers: { authorization: `Bearer ${CANARIES.wrongToken}` } });
    await ask('/login', { method: 'POST', body: JSON.stringify({ token: CANARIES.wrongToken }) });
    await post('/api/tokens', { name: 'reader', scope: 'viewer' });
    await collect(workflowRunId);
  }

  /** Asks for everything that there is to read. */
  async function collect(runId: string): Promise<void> {
    const run = JSON.parse((await ask(`/api/workflows/leaking/runs/${runId}`)).text) as { agentRuns: { id: string }[] };
    for (const { path, method } of routes.filter((route) => route.method === 'GET' && !/docs/.test(route.path))) {
      for (const agentRun of run.agentRuns) {
        const address = path.replace(':id', 'leaking').replace(':runId', runId).replace(':agentRunId', agentRun.id);
        await ask(address, { method }, /metrics/.test(path) ? 'metrics' : 'answers');
      }
    }
    for (const queue of ['steps', 'agents-default', 'finalize', ''])
      await ask(`/admin/queues/api/queues?activeQueue=${queue}&status=failed&page=1`, {}, 'Bull Board');
    for (const key of await redis.keys('*')) tell('Redis', `${key} ${await valueOf(key)}\n`);
    await dumpDatabase();
    await waitFor(() => receiver.spans.some(({ name }) => name === 'node tells'), { describe: 'the spans' });
    service.kill('SIGTERM');
    await once(service, 'exit');
    tell('traces', JSON.stringify(receiver.spans));
  }

  async function valueOf(key: string): Promise<string> {
    const type = await redis.type(key);
    if (type === 'hash') return JSON.stringify(await redis.hgetall(key));
    if (type === 'stream') return JSON.stringify(await redis.xrange(key, '-', '+'));
    if (type === 'list') return JSON.stringify(await redis.lrange(key, 0, -1));
    if (type === 'zset') return JSON.stringify(await redis.zrange(key, '0', '-1'));
    return type === 'string' ? ((await redis.get(key)) ?? '') : JSON.stringify(await redis.smembers(key));
  }

  async function dumpDatabase(): Promise<void> {
    const client = new Client(database.url);
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const { name } of rows) {
      const { rows: content } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      tell('tables', content.map(({ text }) => `${name} ${text}\n`).join(''));
    }
    await client.end();
  }

  for (const [what, canary] of Object.entries(CANARIES)) {
    it(`never leave: ${what}, in any form, anywhere`, () => {
      assert.ok(left.size >= 7, `something left everywhere: ${[...left.keys()].join(', ')}`);
      for (const [where, text] of left) assert.deepEqual(findCanary(text, canary), [], `${where} shows ${what}`);
    });
  }

  it('would be found in each of those forms', () => {
    const { agentSecret } = CANARIES;
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const forms = [agentSecret, encodeURIComponent(agentSecret), base64(agentSecret), base64(`ab${agentSecret}`)];
    for (const form of [...forms, JSON.stringify(agentSecret), `${agentSecret.slice(0, 5)}\n${agentSecret.slice(5)}`])
      assert.notDeepEqual(findCanary(`before ${form} behind`, agentSecret), [], form);
  });

  it('were given to the agent that its policy names, and told by it', () => {
    assert.match(left.get('answers') ?? '', /"told":\["\*\*\*"/);
    assert.match(left.get('answers') ?? '', /it broke with \*\*\*/);
    assert.match(left.get('tables') ?? '', /AgentLog/);
    assert.match(left.get('Redis') ?? '', /runId/);
  });
});

/** The contexts in which the canary stands, plain or in an encoding, also cut by line ends. */
function findCanary(text: string, canary: string): string[] {
  const found: string[] = [];
  for (const [form, haystack] of Object.entries(viewsOf(text))) {
    for (const needle of [canary, JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary)]) {
      const at = haystack.indexOf(needle);
      if (at >= 0) found.push(`${form}: ${haystack.slice(Math.max(0, at - 80), at + needle.length + 20)}`);
    }
  }
  return found;
}

/** The text as it is, without line ends, and with everything that looks like base64 decoded. */
function viewsOf(text: string): Record<string, string> {
  const runs = text.match(/[A-Za-z0-9+/_-]{12,}/g) ?? [];
  const decoded = runs.map((run) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('utf8')).join('\n'),
  );
  return { plain: text, joined: text.replaceAll(/\\n|\s/g, ''), decoded: decoded.join('\n') };
}
