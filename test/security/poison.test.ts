import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { start } from '../../main.ts';
import { createLogger } from '../../platform/log.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createDatabase, type Database } from '../../sql/pool.ts';
import { readManifest } from '../../workers/registered-manifest.ts';
import { waitFor } from '../support/wait-for.ts';
import { startApi, startRoom, type TestRoom } from '../http/support/room.ts';

/**
 * Malformed and hostile rows in every table, as an operator's UPDATE, a restored dump or a bug leaves them. Each is put
 * where something good stands beside it: the good must be shown and go on, the bad be named and counted.
 */
const DEEP = `${'['.repeat(6_000)}${']'.repeat(6_000)}`;
const HOSTILE_JSON = ['null', '7', '"text"', '[]', '[1, {"a": null}]', '{}', '{"nodes": "x"}', '{"type": []}', DEEP];

describe('a malformed row', function () {
  this.timeout(300_000);
  let room: TestRoom;
  let workflowId = '';
  let runId = '';

  let client: Client;

  const write = (statement: string) => client.query(statement);
  const execute = (block: string) => client.query(`DO $do$ ${block} $do$`);

  before(async () => {
    room = await startRoom({ agents: { echo: (input) => input } });
    client = new Client(room.engine.databaseUrl);
    await client.connect();
    workflowId = await room.engine.define({
      name: 'good',
      nodes: [
        { id: 'say', agent: 'echo', input: { text: 'hello' } },
        { id: 'ask', transform: '1', approval: true, dependsOn: ['say'] },
      ],
    });
    runId = await room.engine.submit('good');
    await waitFor(async () => (await room.get('/api/approvals')).body.length === 1, { describe: 'an approval' });
  });
  after(async () => {
    await client.end();
    await room.close();
  });

  async function poison(table: string, columns: readonly string[], where: string): Promise<void> {
    for (const [index, json] of HOSTILE_JSON.entries()) await copyRow(table, columns, json, where, index);
  }

  /** A copy of a good row under another id, with the columns spoilt. */
  async function copyRow(table: string, columns: readonly string[], json: string, where: string, index: number) {
    const spoilt = columns.map((column) => `r."${column}" := ${quote(json)}::jsonb;`).join(' ');
    await execute(
      `DECLARE r "${table}"; BEGIN SELECT * INTO r FROM "${table}" WHERE ${where} LIMIT 1;
      ${IDENTITIES[table] ?? 'r.id := gen_random_uuid();'} ${spoilt.replaceAll('%', String(index))}
      INSERT INTO "${table}" OVERRIDING SYSTEM VALUE SELECT r.*; END`.replaceAll('{n}', String(index)),
    );
  }

  const LISTS: Readonly<Record<string, string>> = {
    runs: '/api/runs?limit=200',
    workflows: '/api/workflows?limit=200',
    agents: '/api/agents?limit=200',
    approvals: '/api/approvals?limit=200',
    alerts: '/api/alerts?limit=200',
    webhooks: '/api/webhooks?limit=200',
    triggers: '/api/triggers',
    audit: '/api/audit?limit=200',
    tokens: '/api/tokens',
    workers: '/api/workers',
    overview: '/api/overview',
    queues: '/api/queues',
    doctor: '/api/doctor',
    locks: '/api/locks',
  };

  /** Every list, and every single page of what the list shows, answers; what is bad says so. */
  async function assertListed(list: string, bad: number, pageOf?: (item: { id: string }) => string): Promise<void> {
    const { status, body } = await room.get(LISTS[list] ?? list);
    assert.equal(status, 200);
    const items = body as { id: string; unreadable?: string[] }[];
    assert.ok(items.filter(({ unreadable }) => unreadable).length >= bad, `${list} names what it could not read`);
    assert.ok(
      items.some(({ unreadable }) => !unreadable),
      `${list} shows the good beside it`,
    );
    for (const item of pageOf ? items : []) assert.equal((await room.get(pageOf?.(item) ?? '')).status, 200, item.id);
  }

  it('of a run is shown with what can be read of it, in lists, alone and in searches', async () => {
    await poison('WorkflowRun', ['trigger'], `id = '${runId}'`);
    await poison('WorkflowRun', ['labels'], `id = '${runId}'`);
    await poison('WorkflowRun', ['input', 'output'], `id = '${runId}'`);
    await assertListed('runs', 12, ({ id }) => `/api/workflows/good/runs/${id}`);
    assert.equal((await room.get('/api/runs?q=hello&label=team=x')).status, 200);
    assert.equal((await room.get('/api/workflows/good/runs?limit=100')).status, 200);
    const [bad] = (await room.get('/api/runs?limit=200')).body.filter(
      (run: { unreadable?: string[] }) => run.unreadable,
    );
    assert.match(bad.unreadable.join(), /^(trigger|labels): /);
  });

  it('with a time that no calendar has does not end a list, nor its next page', async () => {
    const [bad] = (await room.get('/api/runs?limit=1')).body as { id: string }[];
    await write(`UPDATE "WorkflowRun" SET "createdAt" = 'infinity' WHERE id = '${bad?.id ?? ''}'`);
    const first = await room.get('/api/runs?limit=1');
    assert.equal(first.body[0].id, bad?.id);
    const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    assert.equal((await room.get(next)).status, 200);
    await write(`UPDATE "AgentRun" SET "startedAt" = 'infinity', "readyAt" = '-infinity' WHERE "runId" = '${runId}'`);
    assert.equal((await room.get(`/api/workflows/good/runs/${runId}`)).status, 200);
  });

  it('of a definition is shown without nodes, its triggers start nothing, and others can still be stored', async () => {
    for (const [index, json] of HOSTILE_JSON.entries()) {
      await execute(`DECLARE w "Workflow"; v "WorkflowVersion"; BEGIN
        SELECT * INTO w FROM "Workflow" WHERE id = '${workflowId}'; w.id := gen_random_uuid(); w.name := 'bad-${index}';
        INSERT INTO "Workflow" SELECT w.*;
        INSERT INTO "WorkflowVersion" ("workflowId", version, definition) VALUES (w.id, 1, ${quote(json)}::jsonb); END`);
    }
    await assertListed('workflows', 5, ({ id }) => `/api/workflows/${id}`);
    for (const path of ['triggers', 'overview', 'doctor'])
      assert.equal((await room.get(LISTS[path] ?? '')).status, 200);
    const stored = await room.post('/api/workflows', { name: 'beside', nodes: [{ id: 'a', agent: 'echo' }] });
    assert.equal(stored.status, 201);
    const refused = await room.post('/api/workflows/bad-5/trigger');
    assert.equal(refused.status, 400);
    assert.equal(refused.body.code, 'INVALID_DEFINITION');
    for (const path of ['versions', 'versions/1', 'runs', 'alert-statistics'])
      assert.equal((await room.get(`/api/workflows/bad-3/${path}`)).status, 200, path);
  });

  it('of an agent costs nobody else a definition or a run', async () => {
    for (const [index, json] of [...HOSTILE_JSON, '["pool"]', '{"pool": 7}', '{"pool": "a:b"}'].entries()) {
      await write(`INSERT INTO "Agent" (name, "inputSchema", "outputSchema", manifest)
        VALUES ('bad-${index}', ${quote(json)}::jsonb, ${quote(json)}::jsonb, ${quote(json)}::jsonb)`);
    }
    await assertListed('agents', 5, ({ id }) => `/api/agents/${id}`);
    const valid = await room.post('/api/workflows/validate', { name: 'other', nodes: [{ id: 'a', agent: 'echo' }] });
    assert.equal(valid.status, 200);
    const run = await room.engine.submit('beside');
    assert.equal((await room.engine.ended(run)).status, 'SUCCESS');
    await room.engine.define({ name: 'uses-bad', nodes: [{ id: 'a', agent: 'bad-0' }] });
    assert.equal((await room.engine.ended(await room.engine.submit('uses-bad'))).status, 'FAILED');
  });

  it('of an approval, an alert, a webhook, a decision or an entry of the audit log is shown', async () => {
    await poison('Approval', ['input', 'answerSchema', 'answer'], 'true');
    await room.post('/api/webhooks/alertmanager', { alerts: [{ labels: { alertname: 'test' } }] });
    await poison('Alert', ['labels'], 'true');
    await poison('Alert', ['annotations'], 'true');
    await poison('Webhook', ['alerts'], 'true');
    await poison('TriggerDecision', ['subject'], 'true');
    await poison('AuditLog', ['before', 'after'], 'true');
    assert.equal((await room.get(LISTS.approvals ?? '')).status, 200);
    await assertListed('alerts', 10);
    await assertListed('webhooks', 4);
    assert.equal((await room.get(LISTS.audit ?? '')).status, 200);
    for (const { id } of (await room.get('/api/triggers')).body as { id: string }[])
      assert.equal((await room.get(`/api/triggers/${id}/decisions`)).status, 200);
  });

  it('of an event is streamed and does not hold the others back', async () => {
    for (const [index, json] of HOSTILE_JSON.entries())
      await write(
        `INSERT INTO "Event" ("runId", sequence, type, data) VALUES ('${runId}', ${100 + index}, 'a b.>.*', ${quote(json)}::jsonb)`,
      );
    await write(`INSERT INTO "Event" ("runId", sequence, type, data) VALUES ('${runId}', 200, 'run.failed', '{}')`);
    const stream = await fetch(`${room.url}/api/workflows/good/runs/${runId}/events`);
    const text = await stream.text();
    assert.match(text, /^id: 108$/m);
    assert.match(text, /^id: 200$/m);
  });

  it('of a token opens nothing, and closes the service all the same', async () => {
    await write(`INSERT INTO "ApiToken" (name, scope, hash, hint, "expiresAt") VALUES
      ('endless', 'admin', sha256('endless-token'), 'e', 'infinity'), ('past', 'admin', sha256('past-token'), 'p', '-infinity'),
      ('good', 'admin', sha256('good-token'), 'g', NULL)`);
    const replica = await startApi(room.engine);
    try {
      assert.equal((await replica.get('/api/runs')).status, 401);
      assert.equal((await replica.get('/api/runs', { token: 'endless-token' })).status, 401);
      assert.equal((await replica.get('/api/runs', { token: 'past-token' })).status, 401);
      const tokens = await replica.get('/api/tokens', { token: 'good-token' });
      assert.equal(tokens.status, 200);
      assert.equal(tokens.body.filter((token: { unreadable?: string[] }) => token.unreadable).length, 2);
    } finally {
      await replica.close();
      await write(`DELETE FROM "ApiToken"`);
    }
  });

  it('of an open run does not stop the reconciler: the run fails and says why, others go on', async () => {
    const go = { id: 'go', signal: { name: 'go' } };
    await room.engine.define({ name: 'waiting', nodes: [go, { id: 'last', transform: '1', finally: true }] });
    const { rows } = await client.query<{ id: string }>(
      `SELECT v.id FROM "WorkflowVersion" v JOIN "Workflow" w ON w.id = v."workflowId" WHERE w.name = 'waiting'`,
    );
    // who starts the run has read the definition when it was good; who runs it has not
    await room.engine.flows.plans.get(Number(rows[0]?.id));
    await write(`UPDATE "WorkflowVersion" SET definition = '[7]' WHERE id = ${rows[0]?.id ?? ''}`);
    const bad = await room.engine.submit('waiting');
    await write(`UPDATE "WorkflowRun" SET labels = '[1]', trigger = '7' WHERE id = '${bad}'`);
    const good = await room.engine.submit('beside');
    const ended = await room.engine.ended(bad);
    assert.deepEqual([ended.status, ended.errorCode], ['FAILED', 'INVALID_DEFINITION']);
    assert.equal((await room.engine.ended(good)).status, 'SUCCESS');
    assert.match((await room.engine.metrics.scrape()).text, /^reconciler_repairs_total\{kind="unreadable"\} [1-9]/m);
  });

  it('of a run that is claimed together with others costs those nothing', async () => {
    await room.engine.define({
      name: 'labelled',
      nodes: [{ id: 'a', agent: 'echo', input: { of: '{{ run.labels }}' } }],
    });
    const runs = await Promise.all(Array.from({ length: 5 }, () => room.engine.submit('labelled')));
    await write(`UPDATE "WorkflowRun" SET labels = '[{"a": 1}]', trigger = 'null' WHERE id = '${runs[2] ?? ''}'`);
    for (const run of runs) assert.equal((await room.engine.ended(run)).status, 'SUCCESS');
  });

  it('does not keep a service from starting, nor its background work from going on', async () => {
    // whoever leads goes on leading
    await room.engine.stopWorkers();
    const folder = await mkdtemp(join(tmpdir(), 'cc-poison-'));
    const { databaseUrl } = room.engine;
    const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl, PORT: '0', DATA_DIR: folder, AGENTS_DIR: folder };
    const lines: string[] = [];
    const log = createLogger({ level: 'info', stream: { write: (line) => void lines.push(line) } });
    const service = await start({ roles: ['api', 'worker'], env, log });
    try {
      const url = `http://127.0.0.1:${String(service.address?.port)}`;
      for (const path of Object.values(LISTS)) assert.equal((await fetch(`${url}${path}`)).status, 200, path);
      await waitFor(async () => (await count(`FROM "Event" WHERE "publishedAt" IS NULL`)) === 0, {
        timeoutMs: 20_000,
        describe: 'the outbox to be empty, hostile events included',
      });
      const reconciled = async () =>
        /^reconciler_last_success_timestamp_seconds [1-9]/m.test(await (await fetch(`${url}/metrics`)).text());
      await waitFor(reconciled, { timeoutMs: 20_000, describe: 'a round of the reconciler' }).catch(
        (error: unknown) => {
          throw new Error(lines.filter((line) => line.includes('failed')).join(''), { cause: error });
        },
      );
      assert.deepEqual(
        lines.filter((line) => line.includes('could not be served') || line.includes('a repair failed')),
        [],
      );
    } finally {
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  async function count(what: string): Promise<number> {
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::integer AS count ${what}`);
    return rows[0]?.count ?? 0;
  }

  it('is counted by what it is', async () => {
    const metrics = createMetrics({ roles: ['api'] });
    const db: Database = await createDatabase({
      url: room.engine.databaseUrl,
      applicationName: 'poison',
      onUnreadable: (what) => metrics.unreadableRowsTotal.inc({ what }),
    });
    const replica = await startApi(room.engine, { parts: { db, metrics } });
    try {
      await replica.get('/api/runs?limit=200');
      const { text } = await replica.get('/metrics');
      assert.match(text, /^unreadable_rows_total\{what="run"\} [1-9]\d*$/m);
    } finally {
      await replica.close();
      await db.stop();
    }
  });
});

describe('the manifest of an agent that was registered through the API', () => {
  const least = {
    riskLevel: 'AUTO',
    network: false,
    workspace: 'none',
    workspaceFields: ['repositoryPath'],
    secrets: [],
  };

  it('gives least where it says nothing, or nothing that can be read', () => {
    const nonsense = {
      network: 'yes',
      workspace: {},
      workspaceFields: 7,
      secrets: 'ALL',
      pool: [],
      timeoutSeconds: -1,
    };
    for (const manifest of [null, 7, 'text', [], {}, nonsense, { secrets: ['../x'] }, { riskLevel: 'NONE', other: 1 }])
      assert.deepEqual(readManifest(manifest), least, JSON.stringify(manifest));
  });

  it('gives what it says', () => {
    const said = { network: true, workspace: 'read', workspaceFields: ['path'], secrets: ['TOKEN'], pool: 'gpu' };
    assert.deepEqual(readManifest({ ...said, timeoutSeconds: 5 }), { ...least, ...said, timeoutSeconds: 5 });
  });
});

/** What a copy of a row must not share with it. */
const IDENTITIES: Readonly<Record<string, string>> = {
  Approval: `r.id := gen_random_uuid(); r."agentRunId" := (
    SELECT a.id FROM "AgentRun" a WHERE NOT EXISTS (SELECT FROM "Approval" p WHERE p."agentRunId" = a.id) LIMIT 1);
    IF r."agentRunId" IS NULL THEN RETURN; END IF;`,
  Alert: `r.id := gen_random_uuid(); r.fingerprint := gen_random_uuid()::text;`,
  AuditLog: `r.id := r.id + 1000 + (SELECT max(id) FROM "AuditLog");`,
};

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
